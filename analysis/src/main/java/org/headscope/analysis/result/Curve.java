package org.headscope.analysis.result;

import java.util.List;

/**
 * Lines of y against x.
 *
 * @param title the heading
 * @param x what runs along
 * @param y what is drawn
 * @param lines the lines, each with its own points
 */
public record Curve(String title, Quantity x, Quantity y, List<Line> lines) implements Panel {
    /** Copies the lines. */
    public Curve {
        lines = List.copyOf(lines);
    }

    /**
     * One line, optionally with a band.
     *
     * @param name legend text
     * @param x where the points are
     * @param y their height; NaN leaves a gap
     * @param lower lower edge of the band, or empty
     * @param upper upper edge of the band, or empty
     */
    public record Line(String name, List<Double> x, List<Double> y, List<Double> lower, List<Double> upper) {
        /** Checks that all parts have the same number of points. */
        public Line {
            x = List.copyOf(x);
            y = List.copyOf(y);
            lower = List.copyOf(lower);
            upper = List.copyOf(upper);
            int band = lower.size();
            if (x.size() != y.size() || band != upper.size() || (band != 0 && band != x.size())) {
                throw new InvalidPanelException(
                        "Line '" + name + "' has " + x.size() + " x, " + y.size() + " y, " + band + " lower and "
                                + upper.size() + " upper values: give as many of each (bands may be empty).");
            }
        }

        /**
         * A line without a band.
         *
         * @param name legend text
         * @param x where the points are
         * @param y their height
         */
        public Line(String name, List<Double> x, List<Double> y) {
            this(name, x, y, List.of(), List.of());
        }
    }
}
