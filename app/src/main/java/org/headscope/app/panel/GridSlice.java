package org.headscope.app.panel;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.app.control.grid.GridValues;

/**
 * A rectangle cut out of a grid of any number of axes.
 *
 * @param rows which axis runs down
 * @param columns which axis runs across
 * @param index where the cut lies on every other axis; its entries for the two are not read
 */
record GridSlice(int rows, int columns, List<Integer> index) {
    GridSlice {
        index = List.copyOf(index);
    }

    /** The last two axes at the first entry of all others. */
    static GridSlice last(Grid grid) {
        int rank = grid.rank();
        return new GridSlice(rank - 2, rank - 1, zeros(rank));
    }

    /** A cut across one axis of a grid of three. */
    static GridSlice across(Grid grid, int axis) {
        List<Integer> others =
                IntStream.range(0, grid.rank()).filter(i -> i != axis).boxed().toList();
        return new GridSlice(others.get(0), others.get(1), zeros(grid.rank()));
    }

    private static List<Integer> zeros(int rank) {
        return IntStream.range(0, rank).mapToObj(i -> 0).toList();
    }

    /** The same cut elsewhere. */
    GridSlice at(int axis, int place) {
        return new GridSlice(
                rows,
                columns,
                IntStream.range(0, index.size())
                        .mapToObj(i -> i == axis ? place : index.get(i))
                        .toList());
    }

    /** Indices of a cell in the whole grid. */
    int[] whole(int row, int column) {
        int[] whole = index.stream().mapToInt(Integer::intValue).toArray();
        whole[rows] = row;
        whole[columns] = column;
        return whole;
    }

    GridValues values(Grid grid) {
        int down = grid.axes().get(rows).size();
        int across = grid.axes().get(columns).size();
        float[] cells = new float[down * across];
        for (int row = 0; row < down; row++) {
            for (int column = 0; column < across; column++) {
                cells[row * across + column] = (float) grid.at(whole(row, column));
            }
        }
        return GridValues.of(down, across, cells);
    }

    Axis rowAxis(Grid grid) {
        return grid.axes().get(rows);
    }

    Axis columnAxis(Grid grid) {
        return grid.axes().get(columns);
    }
}
