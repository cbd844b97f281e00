package org.headscope.analysis.result;

import org.jspecify.annotations.Nullable;

/**
 * One number per pair of heads: how much the second reads of what the first writes.
 *
 * @param title the heading
 * @param quantity what the numbers are
 * @param grid {@code [sender, receiver]}, labelled {@code layer.head}; NaN where the sender is not the earlier one
 * @param interval how sure they are, or null
 */
public record HeadPairGrid(String title, Quantity quantity, Grid grid, @Nullable Interval interval)
        implements GridPanel {
    /** Checks the axes. */
    public HeadPairGrid {
        GridChecks.requireAxes(title, grid, interval, Axis.SENDER, Axis.RECEIVER);
    }

    /**
     * A panel without an interval.
     *
     * @param title the heading
     * @param quantity what the numbers are
     * @param grid the numbers
     */
    public HeadPairGrid(String title, Quantity quantity, Grid grid) {
        this(title, quantity, grid, null);
    }
}
