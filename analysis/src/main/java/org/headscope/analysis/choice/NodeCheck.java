package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.headscope.analysis.choice.NodePatch.Path;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.stat.SampleSummary;
import org.headscope.hooks.run.Receipt;

/** What the chosen parts bring back of a corrupt run, by their direct path alone and altogether, next to random parts. */
final class NodeCheck {
    static final String RUNS = "Recovered on held-out questions";
    static final String CHANCE = "Recovered share of the loss against chance: ";

    private static final int TOKENS_AT_ONCE = 1024;
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;
    private static final String CLEAN = "clean";
    private static final String CORRUPT = "corrupt";

    private final AnalysisContext context;
    private final OutputNodes nodes;
    private final List<List<MaskUnit>> controls;
    private final Map<String, List<ChoiceScore>> scores = new LinkedHashMap<>();
    private final List<Receipt> receipts = new ArrayList<>();

    NodeCheck(AnalysisContext context, OutputNodes nodes, int controls) {
        this.context = context;
        this.nodes = nodes;
        Random random = new Random(context.seed());
        this.controls = new ArrayList<>();
        for (int i = 0; i < controls; i++) {
            this.controls.add(control(random));
        }
    }

    /** As many heads and MLPs as were chosen, none of them chosen; where MLPs run out, heads stand in. */
    private List<MaskUnit> control(Random random) {
        List<MaskUnit> others = new ArrayList<>(
                nodes.ranked().stream().map(OutputNodes.Node::unit).toList());
        others.removeAll(nodes.units());
        Collections.shuffle(others, random);
        long mlps = nodes.units().stream()
                .filter(unit -> unit.kind() == MaskUnit.Kind.MLP)
                .count();
        List<MaskUnit> drawn = new ArrayList<>(others.stream()
                .filter(unit -> unit.kind() == MaskUnit.Kind.MLP)
                .limit(mlps)
                .toList());
        others.stream()
                .filter(unit -> unit.kind() == MaskUnit.Kind.HEAD)
                .limit(nodes.chosen() - drawn.size())
                .forEach(drawn::add);
        return drawn;
    }

    List<Panel> run(List<ChoicePrompt> heldOut, Progress progress) {
        int done = 0;
        for (List<ChoicePrompt> group : GazeScan.byLength(heldOut)) {
            int step = Math.max(1, TOKENS_AT_ONCE / group.get(0).example().length());
            for (int from = 0; from < group.size(); from += step) {
                List<ChoicePrompt> batch = group.subList(from, Math.min(group.size(), from + step));
                batch(batch, progress);
                done += batch.size();
                progress.report(done, heldOut.size(), "patching held-out questions");
            }
        }
        List<Panel> panels = new ArrayList<>();
        panels.add(table());
        for (Path path : Path.values()) {
            double[] random = new double[controls.size()];
            for (int i = 0; i < random.length; i++) {
                random[i] = recovered(randomName(i, path));
            }
            panels.add(new ControlTest(recovered(name(path)), random)
                    .table(CHANCE + path.name().toLowerCase(Locale.ROOT), "share"));
        }
        return panels;
    }

    private void batch(List<ChoicePrompt> batch, Progress progress) {
        try (NodePatch patch =
                new NodePatch(context, batch.stream().map(ChoicePrompt::example).toList())) {
            enter(CLEAN, batch, patch.cleanLogits());
            enter(CORRUPT, batch, patch.corruptLogits());
            for (Path path : Path.values()) {
                enter(name(path), batch, patch.patched(nodes.units(), path, receipts));
                for (int i = 0; i < controls.size(); i++) {
                    progress.checkCancelled();
                    float[] logits = patch.patched(controls.get(i), path, new ArrayList<>());
                    enter(randomName(i, path), batch, logits);
                }
            }
        }
    }

    private void enter(String run, List<ChoicePrompt> batch, float[] logits) {
        scores.computeIfAbsent(run, key -> new ArrayList<>()).addAll(ChoiceScore.all(batch, logits));
    }

    private static String name(Path path) {
        return "corrupt with the chosen parts clean, " + (path == Path.DIRECT ? "direct path only" : "in full");
    }

    private static String randomName(int i, Path path) {
        return "random " + i + " " + path;
    }

    private List<ChoiceScore> of(String run) {
        return Objects.requireNonNull(scores.get(run));
    }

    private static double loss(List<ChoiceScore> scores) {
        return scores.stream().mapToDouble(ChoiceScore::loss).average().orElseThrow();
    }

    private double recovered(String run) {
        double corrupt = loss(of(CORRUPT));
        return (corrupt - loss(of(run))) / (corrupt - loss(of(CLEAN)));
    }

    private Table table() {
        Bootstrap bootstrap = new Bootstrap(DRAWS, LEVEL, context.seed());
        List<List<Object>> rows = new ArrayList<>();
        for (String run : List.of(CLEAN, CORRUPT, name(Path.DIRECT), name(Path.TOTAL))) {
            List<ChoiceScore> own = of(run);
            SampleSummary loss = ChoiceScore.over(own, ChoiceScore::loss, bootstrap);
            SampleSummary centred = ChoiceScore.over(own, ChoiceScore::centred, bootstrap);
            rows.add(List.of(
                    run,
                    ChoiceScore.accuracy(own),
                    loss.mean(),
                    loss.lower(),
                    loss.upper(),
                    centred.mean(),
                    centred.deviation(),
                    recovered(run),
                    own.size()));
        }
        return new Table(
                RUNS,
                List.of(
                        Table.Column.text("run"),
                        Table.Column.number("accuracy for the clean answer", ""),
                        Table.Column.number("loss", "nats"),
                        Table.Column.number("lower", "nats"),
                        Table.Column.number("upper", "nats"),
                        Table.Column.number("centred logit", "logits"),
                        Table.Column.number("standard deviation", "logits"),
                        Table.Column.number("recovered loss", "share"),
                        Table.Column.integer("questions")),
                rows);
    }

    /** One for each site, over all batches. */
    List<ReceiptSummary> receipts() {
        return receipts.stream()
                .collect(Collectors.toMap(
                        Receipt::site,
                        ReceiptSummary::of,
                        (one, other) -> new ReceiptSummary(
                                one.label(),
                                one.site(),
                                one.fired() + other.fired(),
                                Math.max(one.changeMaxAbs(), other.changeMaxAbs()),
                                "in all batches"),
                        LinkedHashMap::new))
                .values()
                .stream()
                .toList();
    }
}
