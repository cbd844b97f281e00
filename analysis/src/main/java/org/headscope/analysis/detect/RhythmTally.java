package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * How far back every head looks, how local it is at each token, and how much each token is looked at from further on. All
 * three are linear in the attention, so that means over heads are means of these and no map is kept.
 */
final class RhythmTally {
    /* Of attention behind the first token, below which a row says nothing about where it goes. */
    private static final double ALMOST_NOTHING = 1e-6;

    private final Horizon horizon;
    private final int length;
    private final double[][][] waad;
    private final double[][][] fai;
    private final double[][] span;
    private final double[][] spanWithoutFirst;

    /**
     * What counts as near and as far.
     *
     * @param response first position of the response
     * @param window distances are cut off at this
     * @param near from so many tokens on, attention to a token comes from further on
     * @param far up to so many
     */
    record Horizon(int response, int window, int near, int far) {
        /** Whether a query's attention to a key counts as looking back from further on. */
        boolean looksBack(int query, int key) {
            return query >= response && query >= key + near && query <= key + far;
        }
    }

    RhythmTally(int layers, int length, Horizon horizon) {
        this.horizon = horizon;
        this.length = length;
        this.waad = new double[layers][][];
        this.fai = new double[layers][][];
        this.span = new double[layers][];
        this.spanWithoutFirst = new double[layers][];
    }

    /** Pattern {@code [1, head, q_pos, k_pos]} of one layer. */
    void read(NDArray pattern, int layer) {
        int heads = (int) pattern.getShape().get(1);
        waad[layer] = byHead(
                weighted(pattern, (q, k) -> Math.min(q - k, horizon.window)).sum(new int[] {3}), heads);
        fai[layer] = byHead(
                weighted(pattern, (q, k) -> horizon.looksBack(q, k) ? 1 : 0).sum(new int[] {2}), heads);
        for (double[] head : fai[layer]) {
            for (int key = 0; key < length; key++) {
                int queries = queries(key);
                head[key] = queries == 0 ? Double.NaN : head[key] / queries;
            }
        }
        double[][] behind =
                byHead(weighted(pattern, (q, k) -> k == 0 ? 0 : q - k).sum(new int[] {3}), heads);
        double[][] mass = byHead(weighted(pattern, (q, k) -> k == 0 ? 0 : 1).sum(new int[] {3}), heads);
        span[layer] =
                PatternMasks.sums(pattern, new float[][] {PatternMasks.distances(horizon.response, length)})[0][0];
        spanWithoutFirst[layer] = new double[heads];
        for (int h = 0; h < heads; h++) {
            spanWithoutFirst[layer][h] = mean(ratio(behind[h], mass[h]));
        }
    }

    /** A number for each pair of a query and a key it may see. */
    @FunctionalInterface
    private interface Weight {
        double of(int query, int key);
    }

    private NDArray weighted(NDArray pattern, Weight weight) {
        float[] weights = new float[length * length];
        for (int q = 0; q < length; q++) {
            for (int k = 0; k <= q; k++) {
                weights[q * length + k] = (float) weight.of(q, k);
            }
        }
        return pattern.mul(pattern.getManager().create(weights, new Shape(1, 1, length, length)));
    }

    private double[][] byHead(NDArray rows, int heads) {
        float[] flat = rows.toFloatArray();
        double[][] result = new double[heads][length];
        for (int i = 0; i < flat.length; i++) {
            result[i / length][i % length] = flat[i];
        }
        return result;
    }

    private static double[] ratio(double[] distance, double[] mass) {
        double[] ratio = new double[distance.length];
        for (int t = 0; t < ratio.length; t++) {
            ratio[t] = mass[t] < ALMOST_NOTHING ? Double.NaN : distance[t] / mass[t];
        }
        return ratio;
    }

    /** Over the response; positions without a number are left out. */
    private double mean(double[] values) {
        return Arrays.stream(values, horizon.response, length)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** How many positions look back at a key. */
    int queries(int key) {
        int count = 0;
        for (int q = key; q < length; q++) {
            count += horizon.looksBack(q, key) ? 1 : 0;
        }
        return count;
    }

    double[][] span() {
        return span;
    }

    double[][] spanWithoutFirst() {
        return spanWithoutFirst;
    }

    /** Windowed average distance of attention at every position, averaged over heads. */
    double[] waad(List<RankedHeads.Head> heads) {
        return mean(waad, heads);
    }

    /** Attention from further on to every position, averaged over heads; NaN where nothing comes far enough behind. */
    double[] fai(List<RankedHeads.Head> heads) {
        return mean(fai, heads);
    }

    private double[] mean(double[][][] values, List<RankedHeads.Head> heads) {
        double[] mean = new double[length];
        for (RankedHeads.Head head : heads) {
            for (int t = 0; t < length; t++) {
                mean[t] += values[head.layer()][head.head()][t] / heads.size();
            }
        }
        return mean;
    }
}
