package org.headscope.analysis.metric;

import ai.djl.ndarray.NDArray;
import java.util.function.ToDoubleFunction;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/** A metric that reads the whole next-token distribution at the last position, and averages over prompts. */
abstract class LastPosition implements SweepMetric {
    @Override
    public final int firstPosition(int length) {
        return length - 1;
    }

    @Override
    public final int @Nullable [] tokens() {
        return null;
    }

    /** Measures every row and averages over the rows of each cell. */
    static double[] measure(NDArray logits, int cells, ToDoubleFunction<double[]> ofLogProbabilities) {
        int vocab = (int) logits.getShape().getLastDimension();
        float[] all = logits.toFloatArray();
        int batch = all.length / vocab / cells;
        double[] result = new double[cells];
        for (int row = 0; row < cells * batch; row++) {
            result[row / batch] += ofLogProbabilities.applyAsDouble(LogProbabilities.row(all, row, vocab)) / batch;
        }
        return result;
    }
}
