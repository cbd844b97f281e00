package org.headscope.app.live;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/** Keeps the logits of the last position as they pass; the number it returns is not used. */
final class LastLogits implements SweepMetric {
    private float[] logits = new float[0];

    /** The logits seen last, one per token id. */
    float[] logits() {
        return logits;
    }

    @Override
    public int firstPosition(int length) {
        return length - 1;
    }

    @Override
    public int @Nullable [] tokens() {
        return null;
    }

    @Override
    public double[] measure(NDArray seen, int cells) {
        logits = seen.toFloatArray();
        return new double[cells];
    }
}
