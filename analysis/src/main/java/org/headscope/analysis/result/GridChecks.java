package org.headscope.analysis.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every grid panel checks when it is made. */
final class GridChecks {
    private GridChecks() {}

    /** Each entry of {@code wanted} is the accepted name of one axis, alternatives separated by a bar. */
    static void requireAxes(String title, Grid grid, @Nullable Interval interval, String... wanted) {
        List<Axis> axes = grid.axes();
        boolean fits = axes.size() == wanted.length;
        for (int i = 0; fits && i < wanted.length; i++) {
            fits = List.of(wanted[i].split("\\|")).contains(axes.get(i).name());
        }
        if (!fits) {
            throw new InvalidPanelException(
                    "Panel '" + title + "' needs axes " + List.of(wanted) + ", got " + Grid.describe(axes) + ".");
        }
        requireSameAxes(title, grid, interval);
    }

    static void requireSameAxes(String title, Grid grid, @Nullable Interval interval) {
        if (interval != null && !interval.lower().axes().equals(grid.axes())) {
            throw new InvalidPanelException("The interval of '" + title + "' covers "
                    + Grid.describe(interval.lower().axes()) + ", its values " + Grid.describe(grid.axes()) + ".");
        }
    }
}
