package org.headscope.analysis.result;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Immutable numbers over named axes, stored row by row (the last axis runs fastest). NaN means "not computed yet" or
 * "does not apply", never zero.
 */
public final class Grid {
    private final List<Axis> axes;
    private final double[] values;

    private Grid(List<Axis> axes, double[] values) {
        this.axes = axes;
        this.values = values;
    }

    /**
     * Builds a grid from numbers in row order.
     *
     * @param axes the axes, slowest first; at least one
     * @param values as many numbers as the product of the axis sizes; copied
     * @return the grid
     * @throws InvalidPanelException when the count does not fit the axes
     */
    public static Grid of(List<Axis> axes, double[] values) {
        requireCount(axes, values.length);
        return new Grid(List.copyOf(axes), values.clone());
    }

    /**
     * Builds a two-dimensional grid.
     *
     * @param rows the slow axis
     * @param columns the fast axis
     * @param values {@code [rows, columns]}
     * @return the grid
     * @throws InvalidPanelException when a row is missing or has the wrong length
     */
    public static Grid of(Axis rows, Axis columns, double[][] values) {
        for (double[] row : values) {
            if (row.length != columns.size()) {
                throw new InvalidPanelException("A row of " + row.length + " numbers does not fit axis '"
                        + columns.name() + "' of size " + columns.size() + ".");
            }
        }
        double[] flat = Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
        return of(List.of(rows, columns), flat);
    }

    /**
     * Starts a grid that is filled cell by cell; cells not set stay NaN.
     *
     * @param axes the axes, slowest first
     * @return the builder
     */
    public static GridBuilder builder(Axis... axes) {
        return new GridBuilder(List.of(axes));
    }

    /** {@return the axes, slowest first} */
    public List<Axis> axes() {
        return axes;
    }

    /** {@return number of axes} */
    public int rank() {
        return axes.size();
    }

    /** {@return number of cells} */
    public int size() {
        return values.length;
    }

    /** {@return the axis sizes, slowest first} */
    public int[] shape() {
        return axes.stream().mapToInt(Axis::size).toArray();
    }

    /**
     * Reads one cell.
     *
     * @param index one index per axis
     * @return its number, NaN when not computed
     * @throws InvalidPanelException when an index lies outside its axis
     */
    public double at(int... index) {
        return values[offset(axes, index)];
    }

    /**
     * Reads one cell by its place in row order.
     *
     * @param offset {@code 0 <= offset < size()}
     * @return its number
     */
    public double valueAt(int offset) {
        return values[offset];
    }

    /** {@return a copy of all numbers in row order} */
    public double[] toArray() {
        return values.clone();
    }

    /** {@return how many cells hold a number (infinities included)} */
    public int computed() {
        return (int) Arrays.stream(values).filter(v -> !Double.isNaN(v)).count();
    }

    static int offset(List<Axis> axes, int[] index) {
        if (index.length != axes.size()) {
            throw new InvalidPanelException(index.length + " indices for a grid over " + describe(axes) + ".");
        }
        int offset = 0;
        for (int i = 0; i < index.length; i++) {
            Axis axis = axes.get(i);
            if (index[i] < 0 || index[i] >= axis.size()) {
                throw new InvalidPanelException("Index " + index[i] + " lies outside axis '" + axis.name() + "' (0.."
                        + (axis.size() - 1) + ").");
            }
            offset = offset * axis.size() + index[i];
        }
        return offset;
    }

    static int requireCells(List<Axis> axes) {
        if (axes.isEmpty()) {
            throw new InvalidPanelException("A grid needs at least one axis.");
        }
        long cells = 1;
        for (Axis axis : axes) {
            cells *= axis.size();
            if (cells > Integer.MAX_VALUE) {
                throw new InvalidPanelException("A grid over " + describe(axes) + " has too many cells; split it.");
            }
        }
        return (int) cells;
    }

    private static void requireCount(List<Axis> axes, int count) {
        int cells = requireCells(axes);
        if (cells != count) {
            throw new InvalidPanelException(
                    "A grid over " + describe(axes) + " needs " + cells + " numbers, got " + count + ".");
        }
    }

    static String describe(List<Axis> axes) {
        return axes.stream().map(a -> a.name() + "=" + a.size()).collect(Collectors.joining(", ", "[", "]"));
    }

    static Grid adopt(List<Axis> axes, double[] values) {
        return new Grid(axes, values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grid grid && axes.equals(grid.axes) && Arrays.equals(values, grid.values);
    }

    @Override
    public int hashCode() {
        return 31 * axes.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Grid" + describe(axes) + " " + computed() + "/" + size() + " computed";
    }
}
