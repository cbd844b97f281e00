package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.IntConsumer;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Scores attention patterns while the model runs. Each pattern is dropped as soon as it is scored, so that memory does not
 * grow with layers.
 */
final class PatternScan {
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
        List<HookSite> sites = HookSite.perLayer(context.model().config().dims().layers(), SiteKind.PATTERN);
        int[] before = kinds.stream().mapToInt(HeadScores::sequences).toArray();
        return new SiteScan(context, sites, (pattern, point, first) -> {
                    double[][][] scored = scorer.score(pattern, point);
                    for (int k = 0; k < scored.length; k++) {
                        keep(scored[k], point.site().layer(), before[k] + first, kinds.get(k));
                    }
                })
                .run(sequences, afterBatch);
    }

    /** Adds the scores of one layer, {@code [batch, head]}, making room for sequences that are new. */
    static void keep(double[][] scored, int layer, int first, HeadScores scores) {
        for (int b = 0; b < scored.length; b++) {
            if (scores.sequences() == first + b) {
                scores.open();
            }
            for (int h = 0; h < scored[b].length; h++) {
                scores.set(first + b, layer, h, scored[b][h]);
            }
        }
    }
}
