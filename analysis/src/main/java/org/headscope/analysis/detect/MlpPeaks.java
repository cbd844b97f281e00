package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** The largest number that the last projection of each MLP writes, and the hidden channel that is largest then. */
final class MlpPeaks {
    private final Peak[] peaks;
    private float[] hidden = {};
    private float[] scale = {};

    /**
     * The largest output of one MLP.
     *
     * @param sequence which sequence
     * @param position where in it
     * @param channel which of {@code d_model}
     * @param magnitude how large
     * @param hidden which of {@code d_mlp} has the largest activation for that token
     * @param hiddenValue that activation
     */
    record Peak(int sequence, int position, int channel, double magnitude, int hidden, double hiddenValue) {}

    MlpPeaks(int layers) {
        this.peaks = new Peak[layers];
    }

    /** Hidden layer {@code [batch, pos, d_mlp]}; the output comes next. */
    void hidden(NDArray value) {
        hidden = value.toFloatArray();
    }

    /** Denominator {@code [batch, pos, 1]} of a norm on the output. */
    void scale(NDArray value) {
        scale = value.toFloatArray();
    }

    /** What a norm was given, from what it made of it before its gain. */
    NDArray unscaled(NDArray normalized) {
        Shape s = normalized.getShape();
        return normalized.mul(normalized.getManager().create(scale, new Shape(s.get(0), s.get(1), 1)));
    }

    /** Output {@code [batch, pos, d_model]}. */
    void written(NDArray value, int layer, int first) {
        Shape s = value.getShape();
        float[] flat = value.toFloatArray();
        int best = largest(flat, 0, flat.length);
        Peak old = peaks[layer];
        double magnitude = Math.abs(flat[best]);
        if (old != null && magnitude <= old.magnitude) {
            return;
        }
        int width = (int) s.get(2);
        int token = best / width;
        int dMlp = hidden.length / (flat.length / width);
        int channel = largest(hidden, token * dMlp, (token + 1) * dMlp) - token * dMlp;
        int length = (int) s.get(1);
        peaks[layer] = new Peak(
                first + token / length,
                token % length,
                best % width,
                magnitude,
                channel,
                hidden[token * dMlp + channel]);
    }

    private static int largest(float[] flat, int from, int to) {
        int best = from;
        for (int i = from + 1; i < to; i++) {
            best = Math.abs(flat[i]) > Math.abs(flat[best]) ? i : best;
        }
        return best;
    }

    Peak get(int layer) {
        return peaks[layer];
    }

    /** {@code a[l][0]}. */
    double[][] largest() {
        return Arrays.stream(peaks).map(peak -> new double[] {peak.magnitude}).toArray(double[][]::new);
    }
}
