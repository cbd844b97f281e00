package org.headscope.analysis.result;

import org.jspecify.annotations.Nullable;

/**
 * One number per head and token position.
 *
 * @param title the heading
 * @param quantity what the numbers are
 * @param grid {@code [layer, position, head]} or {@code [layer, position, kv_head]}; where positions are those of queries
 *     {@code [layer, head, query]}, as TransformerLens has it
 * @param interval how sure they are, or null
 */
public record HeadPositionGrid(String title, Quantity quantity, Grid grid, @Nullable Interval interval)
        implements GridPanel {
    /** Checks the axes. */
    public HeadPositionGrid {
        if (grid.rank() > 2 && grid.axes().get(2).name().equals(Axis.QUERY)) {
            GridChecks.requireAxes(title, grid, interval, Axis.LAYER, Axis.HEAD, Axis.QUERY);
        } else {
            GridChecks.requireAxes(title, grid, interval, Axis.LAYER, Axis.POSITION, Axis.HEAD + "|" + Axis.KV_HEAD);
        }
    }

    /**
     * A panel without an interval.
     *
     * @param title the heading
     * @param quantity what the numbers are
     * @param grid the numbers
     */
    public HeadPositionGrid(String title, Quantity quantity, Grid grid) {
        this(title, quantity, grid, null);
    }
}
