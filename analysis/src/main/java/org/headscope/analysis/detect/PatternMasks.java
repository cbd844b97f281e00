package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Weights over query-key pairs; a score is the weighted sum of attention. */
final class PatternMasks {
    /** Names of the three scores, in the order of the masks. */
    static final String[] KINDS = {"Previous-token score", "Duplicate-token score", "Induction score"};

    private PatternMasks() {}

    /**
     * For BOS and {@code n} tokens several times: means over all copies but the first of the attention to the previous token,
     * to the same token in any earlier copy, and to the tokens behind those.
     */
    static float[][] repeated(int n, int copies) {
        int length = 1 + copies * n;
        float each = 1f / ((copies - 1) * n);
        float[][] masks = new float[KINDS.length][length * length];
        for (int t = n + 1; t < length; t++) {
            masks[0][t * length + t - 1] += each;
            for (int same = t - n; same > 0; same -= n) {
                masks[1][t * length + same] += each;
                masks[2][t * length + same + 1] += each;
            }
        }
        return masks;
    }

    /** Mean over queries from {@code first} on of how far back attention goes, in tokens. */
    static float[] distances(int first, int length) {
        float[] mask = new float[length * length];
        for (int q = first; q < length; q++) {
            for (int k = 0; k < q; k++) {
                mask[q * length + k] = (float) (q - k) / (length - first);
            }
        }
        return mask;
    }

    /** The 0/1 patterns of TransformerLens' {@code detect_head} for a text. */
    static float[][] text(int[] ids) {
        int length = ids.length;
        float[][] masks = new float[3][length * length];
        for (int q = 0; q < length; q++) {
            for (int k = 0; k <= q; k++) {
                masks[0][q * length + k] = k == q - 1 ? 1 : 0;
                masks[1][q * length + k] = k < q && ids[k] == ids[q] ? 1 : 0;
                masks[2][q * length + k] = k >= 1 && ids[k - 1] == ids[q] ? 1 : 0;
            }
        }
        return masks;
    }

    /** All pairs that count at all. */
    static float[] counted(int length, boolean excludeFirst, boolean excludeCurrent) {
        float[] counted = new float[length * length];
        for (int q = 0; q < length; q++) {
            for (int k = 0; k < length; k++) {
                boolean out = (excludeFirst && k == 0) || (excludeCurrent && k == q);
                counted[q * length + k] = out ? 0 : 1;
            }
        }
        return counted;
    }

    /** Weighted sums of a pattern {@code [batch, head, q, k]} in one product: {@code [mask, batch, head]}. */
    static double[][][] sums(NDArray pattern, float[][] masks) {
        Shape s = pattern.getShape();
        int batch = (int) s.get(0);
        int heads = (int) s.get(1);
        int pairs = (int) (s.get(2) * s.get(3));
        float[] flat = new float[masks.length * pairs];
        for (int k = 0; k < masks.length; k++) {
            System.arraycopy(masks[k], 0, flat, k * pairs, pairs);
        }
        NDArray weights = pattern.getManager().create(flat, new Shape(masks.length, pairs));
        float[] sums = pattern.reshape(new Shape((long) batch * heads, pairs))
                .matMul(weights.transpose())
                .toFloatArray();
        double[][][] result = new double[masks.length][batch][heads];
        for (int i = 0; i < sums.length; i++) {
            int row = i / masks.length;
            result[i % masks.length][row / heads][row % heads] = sums[i];
        }
        return result;
    }
}
