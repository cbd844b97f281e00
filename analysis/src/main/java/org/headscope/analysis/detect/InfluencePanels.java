package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.ControlTest;

/** Shows scores of texts, each inside its domain. */
final class InfluencePanels {
    static final String DOMAINS = "Domains";
    static final String TEXTS = "Texts by score";
    static final String RANKS = "Scores inside each domain";
    static final String HOW = "Heads masked";

    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;
    /** The share of texts that the paper keeps of every domain. */
    private static final double KEPT = 0.2;

    private static final int SHOWN = 80;

    private final MaskedSets sets;
    private final long seed;
    private final Map<String, List<InfluenceScore>> domains = new LinkedHashMap<>();

    InfluencePanels(MaskedSets sets, List<InfluenceScore> scores, long seed) {
        this.sets = sets;
        this.seed = seed;
        scores.forEach(score -> domains.computeIfAbsent(score.text().domain(), key -> new ArrayList<>())
                .add(score));
        // Texts that cannot be scored come last.
        Comparator<InfluenceScore> strongest = Comparator.comparingDouble(
                score -> Double.isNaN(score.score()) ? Double.POSITIVE_INFINITY : -score.score());
        domains.values().forEach(members -> members.sort(strongest));
    }

    List<Panel> panels() {
        return List.of(domains(), ranks(), texts(), how());
    }

    private Table domains() {
        List<List<Object>> rows = new ArrayList<>();
        domains.forEach((domain, members) -> rows.add(row(domain, members)));
        return new Table(
                DOMAINS,
                List.of(
                        Table.Column.text("domain"),
                        Table.Column.integer("texts"),
                        Table.Column.number("tokens, mean", ""),
                        Table.Column.number("loss", "nats"),
                        Table.Column.number("loss, masked", "nats"),
                        Table.Column.number("difference", "nats"),
                        Table.Column.number("score, mean", ""),
                        Table.Column.number("95 % from", ""),
                        Table.Column.number("95 % to", ""),
                        Table.Column.number("random heads, mean", ""),
                        Table.Column.number("p", "")),
                rows);
    }

    private List<Object> row(String domain, List<InfluenceScore> members) {
        double[] scores = members.stream().mapToDouble(InfluenceScore::score).toArray();
        Bootstrap.Ends ends = new Bootstrap(DRAWS, LEVEL, seed).ofMean(scores);
        double[] controls = IntStream.range(0, sets.random().size())
                .mapToDouble(set -> mean(members, score -> score.control(set)))
                .toArray();
        ControlTest test = new ControlTest(mean(members, InfluenceScore::score), controls);
        return List.of(
                domain,
                members.size(),
                mean(members, score -> score.text().ids().length),
                mean(members, InfluenceScore::base),
                mean(members, InfluenceScore::masked),
                mean(members, InfluenceScore::delta),
                test.effect(),
                ends.lower(),
                ends.upper(),
                test.meanOfControls(),
                test.p());
    }

    private static double mean(List<InfluenceScore> members, ToDoubleFunction<InfluenceScore> value) {
        return members.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private Curve ranks() {
        List<Curve.Line> lines = new ArrayList<>();
        domains.forEach((domain, members) -> lines.add(new Curve.Line(
                domain,
                IntStream.rangeClosed(1, members.size())
                        .mapToObj(rank -> (double) rank)
                        .toList(),
                members.stream().map(InfluenceScore::score).toList())));
        return new Curve(
                RANKS,
                Quantity.unsigned("rank in its domain", ""),
                Quantity.signed("relative rise of the loss", ""),
                lines);
    }

    private Table texts() {
        List<List<Object>> rows = new ArrayList<>();
        domains.forEach((domain, members) -> {
            long kept = Math.max(1, Math.round(KEPT * members.size()));
            for (int i = 0; i < members.size(); i++) {
                InfluenceScore one = members.get(i);
                rows.add(List.of(
                        domain,
                        i + 1,
                        i < kept,
                        one.score(),
                        one.base(),
                        one.delta(),
                        one.meanOfControls(),
                        one.text().ids().length,
                        shown(one.text().text())));
            }
        });
        return new Table(
                TEXTS,
                List.of(
                        Table.Column.text("domain"),
                        Table.Column.integer("rank"),
                        new Table.Column("top 20 %", "", Table.Type.BOOLEAN),
                        Table.Column.number("score", ""),
                        Table.Column.number("loss", "nats"),
                        Table.Column.number("difference", "nats"),
                        Table.Column.number("random heads, mean", ""),
                        Table.Column.integer("tokens"),
                        Table.Column.text("text")),
                rows);
    }

    private static String shown(String text) {
        String line = text.strip();
        return line.codePointCount(0, line.length()) <= SHOWN
                ? line
                : line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "…";
    }

    private Table how() {
        return new Table(
                HOW,
                List.of(
                        Table.Column.text("heads"),
                        Table.Column.text("mode"),
                        Table.Column.text("positions"),
                        Table.Column.integer("random sets"),
                        Table.Column.text("compare")),
                List.of(List.of(
                        sets.chosen().stream().map(MaskUnit::label).collect(Collectors.joining(" ")),
                        "uniform: attention 1/n over the n visible keys",
                        "all",
                        sets.random().size(),
                        "inside a domain only")));
    }
}
