package org.headscope.app.control.grid;

/**
 * The part of a grid that is looked at.
 *
 * @param firstRow first row shown
 * @param rows how many rows are shown
 * @param firstColumn first column shown
 * @param columns how many columns are shown
 */
public record GridWindow(int firstRow, int rows, int firstColumn, int columns) {
    private static final int SMALLEST = 4;

    /** @return the whole of a grid */
    public static GridWindow all(GridValues values) {
        return new GridWindow(0, values.rows(), 0, values.columns());
    }

    /** @return whether a cell is in sight */
    public boolean contains(GridCell cell) {
        return cell.row() >= firstRow
                && cell.row() < firstRow + rows
                && cell.column() >= firstColumn
                && cell.column() < firstColumn + columns;
    }

    /**
     * Looks closer or from farther away, keeping a cell where it is.
     *
     * @param factor below 1 shows fewer cells
     * @param fixed the cell to keep in place
     * @param values the grid, whose edges are not crossed
     */
    public GridWindow zoom(double factor, GridCell fixed, GridValues values) {
        int newRows = resized(rows, factor, values.rows());
        int newColumns = resized(columns, factor, values.columns());
        double acrossRows = rows == 0 ? 0 : (fixed.row() - firstRow + 0.5) / rows;
        double acrossColumns = columns == 0 ? 0 : (fixed.column() - firstColumn + 0.5) / columns;
        return new GridWindow(
                        (int) Math.round(fixed.row() + 0.5 - acrossRows * newRows),
                        newRows,
                        (int) Math.round(fixed.column() + 0.5 - acrossColumns * newColumns),
                        newColumns)
                .within(values);
    }

    /** @return the window moved by some cells, as far as the edges allow */
    public GridWindow moved(int byRows, int byColumns, GridValues values) {
        return new GridWindow(firstRow + byRows, rows, firstColumn + byColumns, columns).within(values);
    }

    /** @return the window moved just far enough to show a cell */
    public GridWindow showing(GridCell cell, GridValues values) {
        int byRows = Math.min(0, cell.row() - firstRow) + Math.max(0, cell.row() - firstRow - rows + 1);
        int byColumns =
                Math.min(0, cell.column() - firstColumn) + Math.max(0, cell.column() - firstColumn - columns + 1);
        return moved(byRows, byColumns, values);
    }

    /** @return the window without the columns before one, moved right where it would only show those */
    GridWindow from(int column, GridValues values) {
        int first = Math.max(column, firstColumn);
        return new GridWindow(firstRow, rows, first, Math.max(0, Math.min(columns, values.columns() - first)));
    }

    private GridWindow within(GridValues values) {
        return new GridWindow(
                Math.max(0, Math.min(firstRow, values.rows() - rows)),
                rows,
                Math.max(0, Math.min(firstColumn, values.columns() - columns)),
                columns);
    }

    private static int resized(int count, double factor, int all) {
        int rounded = (int) Math.round(count * factor);
        int changed = rounded == count && factor > 1 ? count + 1 : rounded;
        return Math.max(Math.min(SMALLEST, all), Math.min(all, changed));
    }
}
