package org.headscope.app.control.grid;

import java.util.Arrays;

/**
 * A rectangle of numbers in which NaN means "not computed". Shown by a {@link GridModel}, which alone changes cells so
 * that nobody misses a change.
 */
public final class GridValues {
    /** A grid without cells. */
    public static final GridValues NONE = new GridValues(0, 0, new float[0]);

    private final int rows;
    private final int columns;
    private final float[] cells;
    private float smallest = Float.NaN;
    private float largest = Float.NaN;
    private boolean extremesKnown;

    private GridValues(int rows, int columns, float[] cells) {
        this.rows = rows;
        this.columns = columns;
        this.cells = cells;
    }

    /** @return a grid with nothing computed yet, to be filled through {@link GridModel#setCell} */
    public static GridValues missing(int rows, int columns) {
        float[] cells = new float[Math.multiplyExact(rows, columns)];
        Arrays.fill(cells, Float.NaN);
        return new GridValues(rows, columns, cells);
    }

    /**
     * Copies a matrix.
     *
     * @param matrix {@code [row][column]}, all rows equally long
     */
    public static GridValues of(float[][] matrix) {
        int columns = matrix.length == 0 ? 0 : matrix[0].length;
        float[] cells = new float[Math.multiplyExact(matrix.length, columns)];
        for (int row = 0; row < matrix.length; row++) {
            if (matrix[row].length != columns) {
                throw new IllegalArgumentException("row " + row + " has " + matrix[row].length + " columns, row 0 has "
                        + columns + ": all rows must be equally long");
            }
            System.arraycopy(matrix[row], 0, cells, row * columns, columns);
        }
        return new GridValues(matrix.length, columns, cells);
    }

    /**
     * Copies a flat array.
     *
     * @param cells row after row, {@code rows * columns} numbers
     */
    public static GridValues of(int rows, int columns, float[] cells) {
        if (cells.length != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException(cells.length + " numbers do not fill " + rows + " x " + columns);
        }
        return new GridValues(rows, columns, cells.clone());
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** @return the number of a cell, NaN when it was not computed */
    public float get(int row, int column) {
        return cells[row * columns + column];
    }

    public float get(GridCell cell) {
        return get(cell.row(), cell.column());
    }

    public boolean contains(GridCell cell) {
        return cell.row() >= 0 && cell.row() < rows && cell.column() >= 0 && cell.column() < columns;
    }

    public boolean isEmpty() {
        return cells.length == 0;
    }

    /** @return the smallest finite number, NaN when there is none */
    public double smallest() {
        findExtremes();
        return smallest;
    }

    /** @return the largest finite number, NaN when there is none */
    public double largest() {
        findExtremes();
        return largest;
    }

    /** Finds the number farthest from zero in a block, so that shrinking a picture never loses a lone strong cell. */
    float strongest(int fromRow, int toRow, int fromColumn, int toColumn) {
        float strongest = Float.NaN;
        for (int row = fromRow; row < toRow; row++) {
            for (int i = row * columns + fromColumn; i < row * columns + toColumn; i++) {
                if (!(Math.abs(cells[i]) <= Math.abs(strongest)) && !Float.isNaN(cells[i])) {
                    strongest = cells[i];
                }
            }
        }
        return strongest;
    }

    void set(int row, int column, float value) {
        int index = row * columns + column;
        boolean mayShrink =
                cells[index] == smallest && !(value <= smallest) || cells[index] == largest && !(value >= largest);
        cells[index] = value;
        if (mayShrink) {
            extremesKnown = false;
        } else if (extremesKnown) {
            widen(value);
        }
    }

    private void findExtremes() {
        if (!extremesKnown) {
            smallest = Float.NaN;
            largest = Float.NaN;
            for (float cell : cells) {
                widen(cell);
            }
            extremesKnown = true;
        }
    }

    private void widen(float value) {
        if (Float.isFinite(value)) {
            smallest = value >= smallest ? smallest : value;
            largest = value <= largest ? largest : value;
        }
    }
}
