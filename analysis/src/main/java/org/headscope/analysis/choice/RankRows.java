package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.stat.SampleSummary;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** Runs with few directions, as they are shown. */
final class RankRows {
    private final Bootstrap bootstrap;
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<Double> ranks = new ArrayList<>();
    private final List<Double> leading = new ArrayList<>();
    private final List<Double> random = new ArrayList<>();
    private final int questionsAndHeads;
    private SubspaceRun.@Nullable Outcome full;

    RankRows(long seed, int questionsAndHeads) {
        this.questionsAndHeads = questionsAndHeads;
        this.bootstrap = new Bootstrap(1000, 0.95, seed);
    }

    /** A run without projections. */
    void add(String run, SubspaceRun.Outcome outcome) {
        full = full == null ? outcome : full;
        rows.add(row(run, outcome, Double.NaN, Double.NaN, Double.NaN));
    }

    /** A rank, next to random subspaces of the same. */
    void add(
            int rank, Map<HeadSide, Subspace> spaces, SubspaceRun.Outcome outcome, List<SubspaceRun.Outcome> controls) {
        double[] others =
                controls.stream().mapToDouble(one -> -loss(one).mean()).toArray();
        double p = new ControlTest(-loss(outcome).mean(), others).p();
        rows.add(row("rank " + rank, outcome, kept(spaces, SiteKind.Q), kept(spaces, SiteKind.K), p));
        double accuracy = controls.stream()
                .mapToDouble(one -> ChoiceScore.accuracy(one.scores()))
                .average()
                .orElseThrow();
        double attention = controls.stream()
                .mapToDouble(SubspaceRun.Outcome::attention)
                .average()
                .orElseThrow();
        double loss =
                controls.stream().mapToDouble(one -> loss(one).mean()).average().orElseThrow();
        double centred = controls.stream()
                .mapToDouble(one -> ChoiceScore.over(one.scores(), ChoiceScore::centred, bootstrap)
                        .mean())
                .average()
                .orElseThrow();
        rows.add(List.of(
                "rank " + rank + ", random, mean of " + controls.size(),
                accuracy,
                loss,
                Double.NaN,
                Double.NaN,
                centred,
                attention,
                controls.stream().mapToDouble(this::moved).average().orElseThrow(),
                Double.NaN,
                Double.NaN,
                Double.NaN));
        ranks.add((double) rank);
        leading.add(ChoiceScore.accuracy(outcome.scores()));
        random.add(accuracy);
    }

    private double moved(SubspaceRun.Outcome outcome) {
        return outcome.moved(Objects.requireNonNull(full), questionsAndHeads);
    }

    private SampleSummary loss(SubspaceRun.Outcome outcome) {
        return ChoiceScore.over(outcome.scores(), ChoiceScore::loss, bootstrap);
    }

    private static double kept(Map<HeadSide, Subspace> spaces, SiteKind kind) {
        return spaces.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .mapToDouble(entry -> entry.getValue().kept())
                .average()
                .orElse(Double.NaN);
    }

    private List<Object> row(String run, SubspaceRun.Outcome outcome, double queries, double keys, double p) {
        SampleSummary loss = loss(outcome);
        return List.of(
                run,
                ChoiceScore.accuracy(outcome.scores()),
                loss.mean(),
                loss.lower(),
                loss.upper(),
                ChoiceScore.over(outcome.scores(), ChoiceScore::centred, bootstrap)
                        .mean(),
                outcome.attention(),
                moved(outcome),
                queries,
                keys,
                p);
    }

    List<Panel> panels() {
        Table table = new Table(
                LowRankQk.RUNS,
                List.of(
                        Table.Column.text("run"),
                        Table.Column.number("accuracy", ""),
                        Table.Column.number("loss", "nats"),
                        Table.Column.number("lower", "nats"),
                        Table.Column.number("upper", "nats"),
                        Table.Column.number("centred logit", "logits"),
                        Table.Column.number("attention to right label", "share"),
                        Table.Column.number("attention moved", "share"),
                        Table.Column.number("variance of queries kept", "share"),
                        Table.Column.number("variance of keys kept", "share"),
                        Table.Column.number("p, of loss against random", "")),
                rows);
        double accuracy = ChoiceScore.accuracy(Objects.requireNonNull(full).scores());
        List<Double> all = ranks.stream().map(rank -> accuracy).toList();
        Curve curve = new Curve(
                LowRankQk.CURVE,
                Quantity.unsigned("directions left", ""),
                Quantity.unsigned("accuracy", "share"),
                List.of(
                        new Curve.Line("leading directions", ranks, leading),
                        new Curve.Line("random directions", ranks, random),
                        new Curve.Line("full model", ranks, all)));
        return List.of(table, curve);
    }
}
