package org.headscope.app.control.grid;

import org.headscope.app.control.TextMetrics;

/**
 * The room that labels take around the cells.
 *
 * @param left for row labels and the title of the rows
 * @param top for column labels and the title of the columns
 * @param slanted whether column labels are turned, because they are too long to lie flat
 */
record GridRoom(double left, double top, boolean slanted) {
    /** Space between a label and the cells. */
    static final double GAP = 6;

    /** The slant of turned labels, in degrees. */
    static final double SLANT = 45;

    private static final int LONGEST = 14;

    static GridRoom measure(GridModel model, LabelWidths widths, TextMetrics metrics, double cellWidth) {
        double line = metrics.lineHeight();
        double rowLabels = widths.rows();
        double columnLabels = widths.columns();
        boolean slanted = !model.columnLabels().isEmpty() && columnLabels + 2 > cellWidth;
        double columnDepth = slanted ? (columnLabels + line) * Math.sin(Math.toRadians(SLANT)) : line;
        double rowTitle = model.rowTitleProperty().get().isEmpty() ? 0 : line + GAP;
        double columnTitle = model.columnTitleProperty().get().isEmpty() ? 0 : line + GAP / 2;
        return new GridRoom(Math.ceil(rowLabels + GAP + rowTitle), Math.ceil(columnDepth + GAP + columnTitle), slanted);
    }

    /** Keeps the start of a long label. */
    static String shortened(String label) {
        return label.length() <= LONGEST ? label : label.substring(0, LONGEST - 1) + "…";
    }
}
