package org.headscope.analysis.detect;

import java.util.Arrays;
import java.util.Set;
import org.headscope.analysis.stat.Quantiles;

/**
 * Which experts write far larger numbers than others (Su et al., arXiv 2507.23279, equation 6).
 *
 * @param largest {@code a[l][e]}, the largest magnitude that expert e of layer l writes to any channel for any token
 * @param forming layers in which massive activations form
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is
record SuperExpertStatistic(double[][] largest, Set<Integer> forming) {
    private static final double SHARE = 0.995;
    private static final double TENTH = 10;

    private double[] all() {
        return Arrays.stream(largest).flatMapToDouble(Arrays::stream).toArray();
    }

    /** The interpolated 99.5th percentile over all layers and experts. */
    double percentile() {
        return Quantiles.of(all(), SHARE);
    }

    /** A tenth of the largest. */
    double tenth() {
        return Arrays.stream(all()).max().orElse(Double.NaN) / TENTH;
    }

    boolean isSuper(int layer, int expert) {
        return largest[layer][expert] > percentile() && largest[layer][expert] > tenth() && forming.contains(layer);
    }
}
