package org.headscope.analysis.stat;

import java.util.Arrays;

/** How two measured numbers go together. */
public final class Correlation {
    private Correlation() {}

    /**
     * Pearson's correlation coefficient.
     *
     * @param x one number per case
     * @param y as many
     * @return -1 to 1; NaN for fewer than three cases, or when one of the two does not vary
     */
    public static double pearson(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("Cannot correlate " + x.length + " numbers with " + y.length + ".");
        }
        double meanX = Arrays.stream(x).average().orElse(Double.NaN);
        double meanY = Arrays.stream(y).average().orElse(Double.NaN);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return x.length < 3 || xx == 0 || yy == 0 ? Double.NaN : xy / Math.sqrt(xx * yy);
    }
}
