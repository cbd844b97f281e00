package org.headscope.analysis.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for pairs of positions: who attends to whom, or the effect of each such pair.
 *
 * @param title the heading
 * @param quantity what the numbers are
 * @param grid {@code [query, key]}, or with leading axes such as {@code [layer, head, query, key]}
 * @param interval how sure they are, or null
 */
public record AttentionMap(String title, Quantity quantity, Grid grid, @Nullable Interval interval)
        implements GridPanel {
    /** Checks that the last two axes are query and key. */
    public AttentionMap {
        List<Axis> axes = grid.axes();
        int rank = axes.size();
        if (rank < 2
                || !axes.get(rank - 2).name().equals(Axis.QUERY)
                || !axes.get(rank - 1).name().equals(Axis.KEY)) {
            throw new InvalidPanelException(
                    "Panel '" + title + "' needs axes [..., query, key], got " + Grid.describe(axes) + ".");
        }
        GridChecks.requireSameAxes(title, grid, interval);
    }

    /**
     * A panel without an interval.
     *
     * @param title the heading
     * @param quantity what the numbers are
     * @param grid the numbers
     */
    public AttentionMap(String title, Quantity quantity, Grid grid) {
        this(title, quantity, grid, null);
    }
}
