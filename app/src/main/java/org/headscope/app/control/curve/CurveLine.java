package org.headscope.app.control.curve;

import java.util.List;

/**
 * Points of one line, from left to right.
 *
 * @param x where they are
 * @param y how high; NaN leaves a gap
 * @param lower lower edge of a band around the line, empty for none
 * @param upper upper edge
 */
public record CurveLine(List<Double> x, List<Double> y, List<Double> lower, List<Double> upper) {
    /** Nothing to draw. */
    public static final CurveLine NONE = new CurveLine(List.of(), List.of());

    public CurveLine {
        x = List.copyOf(x);
        y = List.copyOf(y);
        lower = List.copyOf(lower);
        upper = List.copyOf(upper);
    }

    /** A line without a band. */
    public CurveLine(List<Double> x, List<Double> y) {
        this(x, y, List.of(), List.of());
    }

    public boolean isEmpty() {
        return x.isEmpty();
    }

    boolean hasBand() {
        return !lower.isEmpty();
    }
}
