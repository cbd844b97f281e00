package org.headscope.app.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.lesson.Measure.Summary;
import org.headscope.hooks.HeadscopeException;

/** Cells of grids: numbers, extremes, and how a cell is called. */
public final class GridCells {
    private GridCells() {}

    static double at(GridPanel panel, List<Integer> at) {
        List<Axis> axes = panel.grid().axes();
        boolean fits = at.size() == axes.size()
                && IntStream.range(0, at.size())
                        .allMatch(i -> at.get(i) >= 0 && at.get(i) < axes.get(i).size());
        if (!fits) {
            throw new HeadscopeException("Panel \"" + panel.title() + "\" has no cell " + at + ". Its axes are "
                    + axes.stream()
                            .map(axis -> axis.name() + " (0 to " + (axis.size() - 1) + ")")
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        return panel.grid().at(at.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The cell with the largest, or the smallest, number. */
    static List<Integer> extreme(GridPanel panel, boolean largest) {
        Grid grid = panel.grid();
        int best = -1;
        for (int i = 0; i < grid.size(); i++) {
            double value = grid.valueAt(i);
            boolean better = best < 0 || (largest ? value > grid.valueAt(best) : value < grid.valueAt(best));
            if (!Double.isNaN(value) && better) {
                best = i;
            }
        }
        if (best < 0) {
            throw new HeadscopeException("Panel \"" + panel.title() + "\" has no numbers.");
        }
        return index(grid, best);
    }

    static double summary(GridPanel panel, Summary summary) {
        return switch (summary) {
            case LARGEST -> at(panel, extreme(panel, true));
            case SMALLEST -> at(panel, extreme(panel, false));
            case MEAN ->
                Arrays.stream(panel.grid().toArray())
                        .filter(value -> !Double.isNaN(value))
                        .average()
                        .orElse(Double.NaN);
        };
    }

    private static List<Integer> index(Grid grid, int offset) {
        List<Integer> index = new ArrayList<>();
        int rest = offset;
        for (int axis = grid.rank() - 1; axis >= 0; axis--) {
            int size = grid.axes().get(axis).size();
            index.add(0, rest % size);
            rest /= size;
        }
        return index;
    }

    /**
     * Names a cell.
     *
     * @param panel its grid
     * @param at an index per axis
     * @return such as {@code layer 5, head 3}
     */
    public static String words(GridPanel panel, List<Integer> at) {
        List<Axis> axes = panel.grid().axes();
        return IntStream.range(0, axes.size())
                .mapToObj(i -> word(axes.get(i), at.get(i)))
                .collect(Collectors.joining(", "));
    }

    private static String word(Axis axis, int index) {
        String place = axis.name().replace('_', ' ') + " " + index;
        return axis.labels().isEmpty() ? place : place + " “" + VisibleText.of(axis.label(index)) + "”";
    }
}
