package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.analysis.task.WilsonInterval;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;

/** Patches the nodes of the highest scores, and a random sample of the others, to see what the scores are worth. */
final class AtpVerification {
    static final String NODES = "Verified nodes";
    static final String RECALL = "Recall";

    private final AnalysisContext context;
    private final PatchPair pair;
    private final PatchGap gap;
    private final List<SweepCell> cells;

    /** {@code cells}: one patch per node, in the order of the scores. */
    AtpVerification(AnalysisContext context, PatchPair pair, PatchGap gap, List<SweepCell> cells) {
        this.context = context;
        this.pair = pair;
        this.gap = gap;
        this.cells = cells;
    }

    Checked run(double[] scores, AtpStar.Parameters asked, Progress progress) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, scores.length).boxed().toList());
        order.sort(Comparator.comparingDouble((Integer node) -> -scores[node]));
        int top = Math.min(asked.verify(), scores.length);
        List<Integer> rest = new ArrayList<>(order.subList(top, order.size()));
        Collections.shuffle(rest, new Random(context.seed()));
        List<Integer> chosen = new ArrayList<>(order.subList(0, top));
        chosen.addAll(rest.subList(0, Math.min(asked.sample(), rest.size())));
        List<SweepCell> patches = chosen.stream().map(cells::get).toList();
        try (BaseRun base = BaseRun.of(context.model(), pair.base().batch(), context.standing())) {
            var sweep = new ResumableSweep(context, progress, "verifying", values -> {});
            ResumableSweep.Outcome outcome = sweep.run(base, patches, pair.metric());
            double[] effects = Arrays.stream(outcome.values())
                    .map(value -> (value - gap.here()) / (gap.there() - gap.here()))
                    .toArray();
            ReceiptSummary receipt =
                    outcome.receipts().summary("verification", asked.site().pattern());
            List<String> names = patches.stream().map(SweepCell::label).toList();
            return new Checked(this, new Nodes(chosen, names, scores, effects), top, asked.threshold(), receipt);
        }
    }

    /**
     * Nodes that were patched.
     *
     * @param indices which
     * @param names what was done to them
     * @param scores of all nodes
     * @param effects of the patched ones, in shares of the gap
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Nodes(List<Integer> indices, List<String> names, double[] scores, double[] effects) {
        /** How many from {@code from} to {@code to} have an effect of at least this size. */
        int large(int from, int to, double threshold) {
            return (int) IntStream.range(from, to)
                    .filter(i -> Math.abs(effects[i]) >= threshold)
                    .count();
        }
    }

    /** The first {@code top} nodes have the highest scores, the others are the sample. */
    record Checked(AtpVerification check, Nodes nodes, int top, double threshold, ReceiptSummary receipt) {
        List<ReceiptSummary> receipts() {
            return List.of(receipt);
        }

        Table nodes(double[] estimates) {
            PatchGap gap = check.gap;
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < nodes.effects.length; i++) {
                int node = nodes.indices.get(i);
                rows.add(List.of(
                        nodes.names.get(i),
                        i < top ? "highest scores" : "random sample",
                        nodes.scores[node],
                        (estimates[node] - gap.here()) / (gap.there() - gap.here()),
                        nodes.effects[i]));
            }
            return new Table(
                    NODES,
                    List.of(
                            Table.Column.text("node"),
                            Table.Column.text("chosen from"),
                            Table.Column.number("score", "share of the gap"),
                            Table.Column.number("first-order effect", "share of the gap"),
                            Table.Column.number("patch effect", "share of the gap")),
                    rows);
        }

        /** What the sample says of the rest, and at worst, at the upper end of its interval. */
        Table recall() {
            int all = nodes.scores.length;
            int sampled = nodes.effects.length - top;
            int found = nodes.large(0, top, threshold);
            int missed = nodes.large(top, nodes.effects.length, threshold);
            boolean whole = sampled == all - top;
            double share = sampled == 0 ? 0 : (double) missed / sampled;
            double most = whole ? share : WilsonInterval.of(missed, sampled).upper();
            return new Table(
                    RECALL,
                    List.of(
                            Table.Column.number("threshold", "share of the gap"),
                            Table.Column.integer("nodes"),
                            Table.Column.integer("highest scores"),
                            Table.Column.integer("above threshold"),
                            Table.Column.integer("sample of the rest"),
                            Table.Column.integer("of the sample above threshold"),
                            Table.Column.number("recall", ""),
                            Table.Column.number("recall at least (95 %)", "")),
                    List.of(List.of(
                            threshold,
                            all,
                            top,
                            found,
                            sampled,
                            missed,
                            recall(found, share * (all - top)),
                            recall(found, most * (all - top)))));
        }

        private static double recall(double found, double missed) {
            return found + missed == 0 ? Double.NaN : found / (found + missed);
        }
    }
}
