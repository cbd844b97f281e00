package org.headscope.analysis.result;

/**
 * How sure the numbers of a grid are.
 *
 * @param level share of resamples inside, such as 0.95
 * @param method how it was found, such as {@code bootstrap over 64 prompts, 1000 draws}
 * @param lower lower ends, over the same axes as the values
 * @param upper upper ends, over the same axes as the values
 */
public record Interval(double level, String method, Grid lower, Grid upper) {
    /** Checks level and axes. */
    public Interval {
        if (!(level > 0 && level < 1)) {
            throw new InvalidPanelException("Interval level " + level + " must lie strictly between 0 and 1.");
        }
        if (!lower.axes().equals(upper.axes())) {
            throw new InvalidPanelException("The two ends of an interval have different axes: "
                    + Grid.describe(lower.axes()) + " and " + Grid.describe(upper.axes()) + ".");
        }
    }
}
