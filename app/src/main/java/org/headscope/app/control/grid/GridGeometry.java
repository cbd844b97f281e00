package org.headscope.app.control.grid;

import java.util.Optional;
import javafx.geometry.Rectangle2D;

/**
 * Where the cells of a window lie on the screen.
 *
 * @param left x of the first column shown
 * @param top y of the first row shown
 * @param cellWidth width of a cell in screen units, below 1 when cells are smaller than that
 * @param cellHeight height of a cell
 * @param window the cells shown
 */
record GridGeometry(double left, double top, double cellWidth, double cellHeight, GridWindow window) {
    /** Below this size cells are stretched to fill the space; above it they are whole units, so that all look equal. */
    private static final double WHOLE_FROM = 4;

    /** Fits a size per cell into the room there is. */
    static double cellSize(double room, int cells, double largest) {
        if (cells == 0 || room <= 0) {
            return 1;
        }
        double size = Math.min(largest, room / cells);
        return size >= WHOLE_FROM ? Math.floor(size) : size;
    }

    double width() {
        return cellWidth * window.columns();
    }

    double height() {
        return cellHeight * window.rows();
    }

    double right() {
        return left + width();
    }

    double bottom() {
        return top + height();
    }

    double x(int column) {
        return left + (column - window.firstColumn()) * cellWidth;
    }

    double y(int row) {
        return top + (row - window.firstRow()) * cellHeight;
    }

    Rectangle2D bounds(GridCell cell) {
        return new Rectangle2D(x(cell.column()), y(cell.row()), cellWidth, cellHeight);
    }

    Optional<GridCell> cellAt(double x, double y) {
        return x < left || x >= right() || y < top || y >= bottom()
                ? Optional.empty()
                : Optional.of(new GridCell(rowAt(y), columnAt(x)));
    }

    /** Finds the row whose header, left of the cells, is at a point; none on or right of the cells. */
    Optional<Integer> rowHeaderAt(double x, double y) {
        return x < left && y >= top && y < bottom() ? Optional.of(rowAt(y)) : Optional.empty();
    }

    /** Finds the column whose header, above the cells, is at a point; none on or below the cells. */
    Optional<Integer> columnHeaderAt(double x, double y) {
        return y < top && x >= left && x < right() ? Optional.of(columnAt(x)) : Optional.empty();
    }

    private int rowAt(double y) {
        return window.firstRow() + Math.min(window.rows() - 1, (int) ((y - top) / cellHeight));
    }

    private int columnAt(double x) {
        return window.firstColumn() + Math.min(window.columns() - 1, (int) ((x - left) / cellWidth));
    }
}
