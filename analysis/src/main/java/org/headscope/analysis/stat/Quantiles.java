package org.headscope.analysis.stat;

import java.util.Arrays;

/** Quantiles of a sample, interpolated between neighbours (type 7 of Hyndman and Fan 1996, which NumPy takes too). */
public final class Quantiles {
    private Quantiles() {}

    /**
     * One quantile.
     *
     * @param sample at least one number, in any order
     * @param share 0 for the smallest number, 1 for the largest
     * @return the quantile
     */
    public static double of(double[] sample, double share) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        return ofSorted(sorted, share);
    }

    static double ofSorted(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
