package org.headscope.app.picture;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.app.control.grid.GridValues;

/**
 * A rectangle cut out of a grid of any number of axes.
 *
 * @param rows which axis runs down
 * @param columns which axis runs across
 * @param index where the cut lies on every other axis; its entries for the two are not read
 */
public record GridSlice(int rows, int columns, List<Integer> index) {
    public GridSlice {
        index = List.copyOf(index);
    }

    /** The cut that is looked at first. Layers by positions are read best, so grids by head and position are cut by head. */
    public static GridSlice of(GridPanel panel) {
        Grid grid = panel.grid();
        if (!(panel instanceof HeadPositionGrid)) {
            return new GridSlice(grid.rank() - 2, grid.rank() - 1, zeros(grid.rank()));
        }
        int head = grid.axes().get(1).name().equals(Axis.HEAD) ? 1 : 2;
        return new GridSlice(0, 3 - head, zeros(grid.rank()));
    }

    private static List<Integer> zeros(int rank) {
        return IntStream.range(0, rank).mapToObj(i -> 0).toList();
    }

    /** The same cut elsewhere. */
    public GridSlice at(int axis, int place) {
        return new GridSlice(
                rows,
                columns,
                IntStream.range(0, index.size())
                        .mapToObj(i -> i == axis ? place : index.get(i))
                        .toList());
    }

    /** All cuts that are parallel to this one, the last axis running fastest. */
    public List<GridSlice> parallel(Grid grid) {
        List<GridSlice> cuts = List.of(this);
        for (int axis : cutAxes(grid)) {
            cuts = cuts.stream()
                    .flatMap(cut ->
                            IntStream.range(0, grid.axes().get(axis).size()).mapToObj(place -> cut.at(axis, place)))
                    .toList();
        }
        return cuts;
    }

    /** The axes that are not seen. */
    public List<Integer> cutAxes(Grid grid) {
        return IntStream.range(0, grid.rank())
                .filter(axis -> axis != rows && axis != columns)
                .boxed()
                .toList();
    }

    /** Where the cut lies, such as {@code layer 2 · head 5}; empty when the grid is seen whole. */
    public String place(Grid grid) {
        return cutAxes(grid).stream()
                .map(axis -> grid.axes().get(axis).name().replace('_', ' ') + " "
                        + grid.axes().get(axis).label(index.get(axis)))
                .collect(Collectors.joining(" · "));
    }

    /** Indices of a cell in the whole grid. */
    public int[] whole(int row, int column) {
        int[] whole = index.stream().mapToInt(Integer::intValue).toArray();
        whole[rows] = row;
        whole[columns] = column;
        return whole;
    }

    /** The number of a cell. */
    public double at(Grid grid, int row, int column) {
        return grid.at(whole(row, column));
    }

    /** All numbers, row by row. */
    public DoubleStream numbers(Grid grid) {
        int across = columnAxis(grid).size();
        return IntStream.range(0, rowAxis(grid).size() * across)
                .mapToDouble(cell -> at(grid, cell / across, cell % across));
    }

    /** The cells for a view. */
    public GridValues values(Grid grid) {
        int down = rowAxis(grid).size();
        int across = columnAxis(grid).size();
        float[] cells = new float[down * across];
        for (int cell = 0; cell < cells.length; cell++) {
            cells[cell] = (float) at(grid, cell / across, cell % across);
        }
        return GridValues.of(down, across, cells);
    }

    public Axis rowAxis(Grid grid) {
        return grid.axes().get(rows);
    }

    public Axis columnAxis(Grid grid) {
        return grid.axes().get(columns);
    }
}
