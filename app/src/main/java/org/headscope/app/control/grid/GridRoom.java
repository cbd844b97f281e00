package org.headscope.app.control.grid;

import java.util.List;
import java.util.stream.IntStream;
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
    private static final int MEASURED = 64;

    static GridRoom measure(GridModel model, GridWindow window, TextMetrics metrics, double cellWidth) {
        double line = metrics.lineHeight();
        double rowLabels = widest(
                metrics,
                IntStream.range(window.firstRow(), window.firstRow() + window.rows())
                        .mapToObj(row -> shortened(model.rowLabel(row)))
                        .toList());
        double columnLabels = widest(
                metrics,
                IntStream.range(window.firstColumn(), window.firstColumn() + window.columns())
                        .mapToObj(column -> shortened(model.columnLabel(column)))
                        .toList());
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

    /** Measures the labels with the most characters; measuring thousands would be felt. */
    private static double widest(TextMetrics metrics, List<String> labels) {
        return labels.stream()
                .sorted((one, other) -> other.length() - one.length())
                .limit(MEASURED)
                .mapToDouble(metrics::width)
                .max()
                .orElse(0);
    }
}
