package org.headscope.analysis.detect;

import java.util.Arrays;

/**
 * When an activation is massive: its magnitude is above a floor and many times the median magnitude of the state it is in.
 *
 * @param floor least magnitude, not included
 * @param ratio least multiple of the median, included
 */
record MassiveCriterion(double floor, double ratio) {
    boolean holds(double magnitude, double median) {
        return magnitude > floor && magnitude >= ratio * median;
    }

    /** The median magnitude of a state of {@code width} numbers. */
    static double median(float[] flat, int from, int width) {
        float[] magnitudes = new float[width];
        for (int i = 0; i < width; i++) {
            magnitudes[i] = Math.abs(flat[from + i]);
        }
        Arrays.sort(magnitudes);
        return (magnitudes[(width - 1) / 2] + (double) magnitudes[width / 2]) / 2;
    }
}
