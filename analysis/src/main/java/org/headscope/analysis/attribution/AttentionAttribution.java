package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;
import org.headscope.hooks.sweep.SweepResult;

/**
 * Attributions of all attention weights of one prompt.
 *
 * @param largest over the weights of each head {@code [layer * heads + head]}
 * @param sums over the weights of each head {@code [layer * heads + head]}
 * @param moved the metric less that without any attention in a layer {@code [layer]}
 * @param map the attributions {@code [layer, head, query, key]}; empty when not asked for
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record AttentionAttribution(double[] largest, double[] sums, double[] moved, double[] map) {
    static AttentionAttribution of(
            AnalysisContext context,
            Question question,
            int steps,
            boolean maps,
            ReceiptTally tally,
            Progress progress) {
        Dims dims = context.model().config().dims();
        int weights = question.ids().length * question.ids().length;
        double[] largest = new double[dims.layers() * dims.heads()];
        double[] sums = new double[largest.length];
        double[] map = new double[maps ? largest.length * weights : 0];
        for (int layer = 0; layer < dims.layers(); layer++) {
            double[] attributed = layer(context, question, layer, steps, tally, progress);
            for (int head = 0; head < dims.heads(); head++) {
                double[] own = Arrays.copyOfRange(attributed, head * weights, (head + 1) * weights);
                largest[layer * dims.heads() + head] = Arrays.stream(own).max().orElseThrow();
                sums[layer * dims.heads() + head] = Arrays.stream(own).sum();
            }
            if (maps) {
                System.arraycopy(attributed, 0, map, layer * attributed.length, attributed.length);
            }
        }
        return new AttentionAttribution(largest, sums, moved(context, question), map);
    }

    /** {@code A * mean of dF/dA}, {@code [head, query, key]}. */
    private static double[] layer(
            AnalysisContext context, Question question, int layer, int steps, ReceiptTally tally, Progress progress) {
        var path = new ScaledPath(context, question, HookSite.of(SiteKind.PATTERN, layer));
        int heads = context.model().config().dims().heads();
        int atOnce = path.rowsAtOnce();
        double[] slopes = new double[0];
        double[] pattern = new double[0];
        for (int from = 0; from < steps; from += atOnce) {
            progress.checkCancelled();
            float[][] factors = new float[Math.min(atOnce, steps - from)][heads];
            for (int row = 0; row < factors.length; row++) {
                Arrays.fill(factors[row], (from + row + 1f) / steps);
            }
            try (Gradients.Result result = path.slopes(factors);
                    NDManager temporary = result.manager().newSubManager()) {
                NDArray gradients = Alias.of(result.gradients().get(path.site()), temporary);
                slopes = sum(slopes, gradients.sum(new int[] {0}).toFloatArray());
                // The last row of the last batch is the pattern at its full size.
                pattern = sum(
                        new double[0],
                        Alias.of(result.activations().get(path.site()), temporary)
                                .get(factors.length - 1)
                                .toFloatArray());
                tally.add(result.receipts());
            }
        }
        double[] attributed = new double[slopes.length];
        for (int i = 0; i < attributed.length; i++) {
            attributed[i] = pattern[i] * slopes[i] / steps;
        }
        return attributed;
    }

    private static double[] sum(double[] so, float[] more) {
        double[] sum = new double[more.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = more[i] + (so.length == 0 ? 0 : so[i]);
        }
        return sum;
    }

    /** Without attention weights no head of the layer writes anything. */
    private static double[] moved(AnalysisContext context, Question question) {
        Dims dims = context.model().config().dims();
        List<SweepCell> cells = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            int at = layer;
            List<Intervention> off = new ArrayList<>();
            IntStream.range(0, dims.heads())
                    .forEach(head -> off.add(new Intervention.Ablate(new Target.Head(at, head), new Ablation.Zero())));
            cells.add(new SweepCell("heads of layer " + layer, off));
        }
        try (BaseRun base =
                BaseRun.of(context.model(), TokenBatch.of(new int[][] {question.ids()}), context.standing())) {
            SweepResult result = new SweepEngine().run(base, cells, question.swept(), SweepListener.NONE);
            return Arrays.stream(result.values())
                    .map(value -> result.base() - value)
                    .toArray();
        }
    }
}
