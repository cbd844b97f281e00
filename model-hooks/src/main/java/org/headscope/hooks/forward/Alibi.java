package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.config.AttentionSpec;

/** Linear position biases (Press et al., arXiv 2108.12409), in the forms that checkpoints were trained with. */
final class Alibi {
    private Alibi() {}

    /** The bias to add to scores that are already scaled: {@code [1, head, 1, keys]}. */
    static NDArray bias(AttentionSpec.Alibi kind, int heads, int keys, double scale, NDManager manager) {
        float[] bias = new float[heads * keys];
        for (int h = 0; h < heads; h++) {
            double slope = slope(h, heads);
            for (int k = 0; k < keys; k++) {
                bias[h * keys + k] = kind == AttentionSpec.Alibi.SCALED_BF16
                        ? (float) (bf16(bf16((float) slope) * k) * scale)
                        : (float) (slope * k);
            }
        }
        return manager.create(bias, new Shape(1, heads, 1, keys));
    }

    /** Slopes for a power of two follow a geometric series; the rest interleave the series of twice that power. */
    static double slope(int head, int heads) {
        int power = Integer.highestOneBit(heads);
        return head < power
                ? Math.pow(2, -8.0 * (head + 1) / power)
                : Math.pow(2, -8.0 * (2 * (head - power) + 1) / (2 * power));
    }

    private static float bf16(float x) {
        int bits = Float.floatToRawIntBits(x);
        int rounded = (bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000;
        return Float.intBitsToFloat(rounded);
    }
}
