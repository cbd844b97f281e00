package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Scores attention patterns while the model runs. Each pattern is dropped as soon as it is scored, so that memory does not
 * grow with layers.
 */
final class PatternScan {
    /* Query rows of all sequences that run together. */
    private static final int ROWS_AT_ONCE = 1024;

    private static final String OWN_LABEL = "score layer ";

    private final AnalysisContext context;
    private final Scorer scorer;

    /** Turns a pattern into numbers. */
    @FunctionalInterface
    interface Scorer {
        /**
         * Scores one layer.
         *
         * @param pattern {@code [batch, head, q_pos, k_pos]}, owned by a manager that is closed afterwards
         * @param point where, and which keys are visible
         * @return {@code [kind, batch, head]}, one after the other
         */
        double[][][] score(NDArray pattern, HookPoint point);
    }

    PatternScan(AnalysisContext context, Scorer scorer) {
        this.context = context;
        this.scorer = scorer;
    }

    /**
     * Scores sequences of equal length, as many at once as memory allows. Each kind of score gets one entry per sequence;
     * {@code afterBatch} is told how many are done and may throw to stop. Returns the receipts of what stands.
     */
    List<ReceiptSummary> run(int[][] sequences, List<HeadScores> kinds, IntConsumer afterBatch) {
        List<ReceiptSummary> standing = List.of();
        int step = Math.max(1, ROWS_AT_ONCE / sequences[0].length);
        for (int from = 0; from < sequences.length; from += step) {
            int to = Math.min(sequences.length, from + step);
            standing = batch(Arrays.copyOfRange(sequences, from, to), kinds);
            afterBatch.accept(to);
        }
        return standing;
    }

    private List<ReceiptSummary> batch(int[][] sequences, List<HeadScores> kinds) {
        Dims dims = context.model().config().dims();
        int[][] rows = new int[kinds.size()][sequences.length];
        for (int k = 0; k < kinds.size(); k++) {
            for (int b = 0; b < sequences.length; b++) {
                rows[k][b] = kinds.get(k).open();
            }
        }
        RunRequest.Builder request =
                StandingRun.of(context, TokenBatch.of(sequences)).lastLogits();
        for (int l = 0; l < dims.layers(); l++) {
            int layer = l;
            request.hook(OWN_LABEL + l, HookSite.of(SiteKind.PATTERN, l), (value, point) -> {
                keep(layer, score(value, point), rows, kinds);
                return null;
            });
        }
        try (RunResult run = context.model().run(request.build())) {
            return run.receipts().stream()
                    .filter(receipt -> !receipt.label().startsWith(OWN_LABEL))
                    .map(ReceiptSummary::of)
                    .toList();
        }
    }

    private double[][][] score(NDArray value, HookPoint point) {
        try (NDManager scratch = value.getManager().newSubManager()) {
            return scorer.score(Alias.of(value, scratch), point);
        }
    }

    private static void keep(int layer, double[][][] scored, int[][] rows, List<HeadScores> kinds) {
        for (int k = 0; k < scored.length; k++) {
            for (int b = 0; b < scored[k].length; b++) {
                for (int h = 0; h < scored[k][b].length; h++) {
                    kinds.get(k).set(rows[k][b], layer, h, scored[k][b][h]);
                }
            }
        }
    }
}
