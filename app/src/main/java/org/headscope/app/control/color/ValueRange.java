package org.headscope.app.control.color;

import java.util.stream.DoubleStream;

/**
 * The numbers at the two ends of a colour scale.
 *
 * @param low number with the first colour
 * @param high number with the last colour, greater than {@code low}
 */
public record ValueRange(double low, double high) {
    private static final double MARGIN = 0.05;
    /** A lone number below this is as good as zero. */
    private static final double SMALLEST = 1e-9;

    public ValueRange {
        if (!(low < high)) {
            throw new IllegalArgumentException("a range needs low < high, not [" + low + ", " + high + "]");
        }
    }

    /**
     * The smallest range of a kind that holds the numbers; zero keeps its colour whatever they are.
     *
     * @param kind diverging ranges reach equally far on both sides of zero, sequential ones contain it
     * @param smallest smallest number, NaN when there is none
     * @param largest largest number, NaN when there is none
     */
    public static ValueRange containing(ScaleKind kind, double smallest, double largest) {
        double below = Math.min(0, Double.isNaN(smallest) ? 0 : smallest);
        double above = Math.max(0, Double.isNaN(largest) ? 0 : largest);
        if (below == 0 && above == 0) {
            above = 1;
        }
        if (kind == ScaleKind.SEQUENTIAL) {
            return new ValueRange(below, above);
        }
        double extent = Math.max(-below, above);
        return new ValueRange(-extent, extent);
    }

    /**
     * The range of some numbers with a little room at both ends, so that none of them lies on the edge.
     *
     * @param numbers finite ones; without any the range holds 0 and 1
     */
    public static ValueRange around(DoubleStream numbers) {
        var known = numbers.summaryStatistics();
        double low = known.getCount() == 0 ? 0 : known.getMin();
        double high = known.getCount() == 0 ? 1 : known.getMax();
        double size = Math.abs(high);
        double span = high > low ? high - low : size > SMALLEST ? size : 1;
        return new ValueRange(low - MARGIN * span, high + MARGIN * span);
    }

    /** @return where a number lies, 0 at the low end to 1 at the high one, clamped */
    public double fraction(double value) {
        return Math.max(0, Math.min(1, (value - low) / (high - low)));
    }

    /** @return the number at a fraction of the range */
    public double at(double fraction) {
        return low + fraction * (high - low);
    }
}
