package org.headscope.app.picture;

import java.util.Optional;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;

/**
 * A panel as it is looked at.
 *
 * @param panel what is looked at
 * @param slice which cut of a grid is in sight; empty for all of it, and for panels that are no grids
 * @param look how it is drawn
 */
public record Sight(Panel panel, Optional<GridSlice> slice, Look look) {

    /** Ways to draw a panel. */
    public enum Look {
        /** The way that every panel of its shape is drawn. */
        USUAL,
        /** A table's rows as points. */
        POINTS,
        /** A table's rows as steps to a sum. */
        STEPS
    }

    /** All of a panel. */
    public static Sight whole(Panel panel) {
        return new Sight(panel, Optional.empty(), Look.USUAL);
    }

    /** A cut of a grid. */
    public static Sight cut(GridPanel panel, GridSlice slice) {
        return new Sight(panel, Optional.of(slice), Look.USUAL);
    }

    /**
     * Rows as points.
     *
     * @param table a name, a number that runs across and one that runs up in every row, and whether the point stands out
     */
    public static Sight points(Table table) {
        return new Sight(table, Optional.empty(), Look.POINTS);
    }

    /**
     * Rows as steps to a sum.
     *
     * @param table a name, the size of the step and the sums before and with it in every row; the last row is the sum
     */
    public static Sight steps(Table table) {
        return new Sight(table, Optional.empty(), Look.STEPS);
    }
}
