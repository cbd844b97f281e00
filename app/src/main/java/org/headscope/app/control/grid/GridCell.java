package org.headscope.app.control.grid;

import java.util.Comparator;

/**
 * A place in a grid, counted from 0; in a head grid the row is the layer and the column the head.
 *
 * @param row counted from the top
 * @param column counted from the left
 */
public record GridCell(int row, int column) implements Comparable<GridCell> {
    private static final Comparator<GridCell> READING_ORDER =
            Comparator.comparingInt(GridCell::row).thenComparingInt(GridCell::column);

    @Override
    public int compareTo(GridCell other) {
        return READING_ORDER.compare(this, other);
    }
}
