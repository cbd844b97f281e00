package org.headscope.analysis.result;

import java.util.Arrays;
import java.util.List;

/** Fills a {@link Grid} cell by cell, so that a sweep can show what it has so far. Not safe for several threads. */
public final class GridBuilder {
    private final List<Axis> axes;
    private final double[] values;

    GridBuilder(List<Axis> axes) {
        this.axes = List.copyOf(axes);
        this.values = new double[Grid.requireCells(axes)];
        Arrays.fill(values, Double.NaN);
    }

    /**
     * Sets one cell.
     *
     * @param value its number
     * @param index one index per axis
     * @return this
     * @throws InvalidPanelException when an index lies outside its axis
     */
    public GridBuilder set(double value, int... index) {
        values[Grid.offset(axes, index)] = value;
        return this;
    }

    /**
     * Sets one cell by its place in row order.
     *
     * @param offset {@code 0 <= offset < product of the axis sizes}
     * @param value its number
     * @return this
     * @throws InvalidPanelException when the offset lies outside the grid
     */
    public GridBuilder setAt(int offset, double value) {
        if (offset < 0 || offset >= values.length) {
            throw new InvalidPanelException("Cell " + offset + " lies outside a grid of " + values.length
                    + " cells over " + Grid.describe(axes) + ".");
        }
        values[offset] = value;
        return this;
    }

    /** {@return an immutable copy of the grid as it is now; filling may go on} */
    public Grid snapshot() {
        return Grid.adopt(axes, values.clone());
    }
}
