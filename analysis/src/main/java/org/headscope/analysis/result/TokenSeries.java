package org.headscope.analysis.result;

import org.jspecify.annotations.Nullable;

/**
 * One or more lines of numbers along the tokens of a prompt.
 *
 * @param title the heading
 * @param quantity what the numbers are
 * @param grid {@code [series, position]}
 * @param interval how sure they are, or null
 */
public record TokenSeries(String title, Quantity quantity, Grid grid, @Nullable Interval interval)
        implements GridPanel {
    /** Checks the axes. */
    public TokenSeries {
        GridChecks.requireAxes(title, grid, interval, Axis.SERIES, Axis.POSITION);
    }

    /**
     * A panel without an interval.
     *
     * @param title the heading
     * @param quantity what the numbers are
     * @param grid the numbers
     */
    public TokenSeries(String title, Quantity quantity, Grid grid) {
        this(title, quantity, grid, null);
    }
}
