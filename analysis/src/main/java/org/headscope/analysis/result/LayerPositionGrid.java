package org.headscope.analysis.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One number per layer and token position, optionally with a word in each cell (the lens view).
 *
 * @param title the heading
 * @param quantity what the numbers are
 * @param grid {@code [layer, position]}
 * @param interval how sure they are, or null
 * @param cellLabels one text per cell in row order, or empty
 */
public record LayerPositionGrid(
        String title, Quantity quantity, Grid grid, @Nullable Interval interval, List<String> cellLabels)
        implements GridPanel {
    /** Checks axes and cell labels. */
    public LayerPositionGrid {
        cellLabels = List.copyOf(cellLabels);
        GridChecks.requireAxes(title, grid, interval, Axis.LAYER, Axis.POSITION);
        if (!cellLabels.isEmpty() && cellLabels.size() != grid.size()) {
            throw new InvalidPanelException("Panel '" + title + "' has " + cellLabels.size() + " cell labels for "
                    + grid.size() + " cells: give one per cell or none.");
        }
    }

    /**
     * A panel of numbers alone.
     *
     * @param title the heading
     * @param quantity what the numbers are
     * @param grid the numbers, {@code [layer, position]}
     */
    public LayerPositionGrid(String title, Quantity quantity, Grid grid) {
        this(title, quantity, grid, null, List.of());
    }
}
