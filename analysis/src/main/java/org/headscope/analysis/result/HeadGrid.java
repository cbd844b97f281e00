package org.headscope.analysis.result;

import org.jspecify.annotations.Nullable;

/**
 * One number per head. Under grouped-query attention, keys and values have one column per key-value head.
 *
 * @param title the heading
 * @param quantity what the numbers are
 * @param grid {@code [layer, head]} or {@code [layer, kv_head]}
 * @param interval how sure they are, or null
 */
public record HeadGrid(String title, Quantity quantity, Grid grid, @Nullable Interval interval) implements GridPanel {
    /** Checks the axes. */
    public HeadGrid {
        GridChecks.requireAxes(title, grid, interval, Axis.LAYER, Axis.HEAD + "|" + Axis.KV_HEAD);
    }

    /**
     * A panel without an interval.
     *
     * @param title the heading
     * @param quantity what the numbers are
     * @param grid the numbers
     */
    public HeadGrid(String title, Quantity quantity, Grid grid) {
        this(title, quantity, grid, null);
    }
}
