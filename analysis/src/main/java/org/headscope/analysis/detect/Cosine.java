package org.headscope.analysis.detect;

/** Cosines of vectors that lie in one array. */
final class Cosine {
    private Cosine() {}

    /** Of the two vectors that start at {@code from}; NaN when one of them is zero. */
    static double of(float[] flat, int[] from, int width) {
        return of(flat, from[0], flat, from[1], width);
    }

    static double of(float[] a, int fromA, float[] b, int fromB, int width) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < width; i++) {
            double x = a[fromA + i];
            double y = b[fromB + i];
            dot += x * y;
            aa += x * x;
            bb += y * y;
        }
        return aa == 0 || bb == 0 ? Double.NaN : dot / Math.sqrt(aa * bb);
    }
}
