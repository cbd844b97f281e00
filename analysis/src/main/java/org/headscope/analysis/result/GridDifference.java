package org.headscope.analysis.result;

import java.util.Optional;

/** What changes between two panels that hold the same quantity over the same axes. */
public final class GridDifference {
    private GridDifference() {}

    /**
     * Subtracts cell by cell.
     *
     * @param title title of the difference
     * @param from the panel subtracted from
     * @param minus the panel subtracted
     * @return {@code from - minus} over their common axes, with zero in the middle and NaN where either is NaN; empty when
     *     shape, axes, labels or quantity differ
     */
    public static Optional<GridPanel> of(String title, GridPanel from, GridPanel minus) {
        if (from.getClass() != minus.getClass()
                || !from.grid().axes().equals(minus.grid().axes())
                || !from.quantity().equals(minus.quantity())) {
            return Optional.empty();
        }
        Quantity quantity = Quantity.signed(
                "difference of " + from.quantity().name(), from.quantity().unit());
        return Optional.of(panel(title, quantity, subtract(from.grid(), minus.grid()), from));
    }

    private static Grid subtract(Grid from, Grid minus) {
        double[] values = from.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] -= minus.valueAt(i);
        }
        return Grid.of(from.axes(), values);
    }

    private static GridPanel panel(String title, Quantity quantity, Grid grid, GridPanel like) {
        if (like instanceof HeadGrid) {
            return new HeadGrid(title, quantity, grid);
        }
        if (like instanceof HeadPositionGrid) {
            return new HeadPositionGrid(title, quantity, grid);
        }
        if (like instanceof HeadPairGrid) {
            return new HeadPairGrid(title, quantity, grid);
        }
        if (like instanceof LayerPositionGrid) {
            return new LayerPositionGrid(title, quantity, grid);
        }
        return like instanceof AttentionMap
                ? new AttentionMap(title, quantity, grid)
                : new TokenSeries(title, quantity, grid);
    }
}
