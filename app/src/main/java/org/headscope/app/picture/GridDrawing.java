package org.headscope.app.picture;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.picture.TextStyle.Anchor;

/** Two axes of a grid as a heat map with its numbers, labels and scale. */
final class GridDrawing implements Drawing {
    private static final int LEAST_LEFT = 90;
    private static final int TOP = 40;
    private static final double WIDEST_CELL = 40;
    private static final double HIGHEST_CELL = 34;
    private static final double ROOM = 960;
    /** A pixel at two per unit. */
    private static final double SMALLEST_CELL = 0.5;
    /** Cells smaller than this have no room for a number. */
    private static final double NUMBERED = 30;

    private static final double LABEL_HEIGHT = 13;

    private final GridPanel panel;
    private final Grid grid;
    private final GridSlice slice;
    private final Axis rows;
    private final Axis columns;
    private final GridColors colors;
    private final Box cells;
    private final double cell;
    private final double rowHeight;
    private final boolean upright;

    GridDrawing(GridPanel panel, GridSlice slice) {
        this.panel = panel;
        this.grid = panel.grid();
        this.slice = slice;
        this.rows = slice.rowAxis(grid);
        this.columns = slice.columnAxis(grid);
        this.colors = GridColors.of(panel.quantity(), slice.numbers(grid));
        boolean square = panel instanceof AttentionMap || panel instanceof HeadPairGrid;
        double across = size(WIDEST_CELL, columns.size());
        double down = size(HIGHEST_CELL, rows.size());
        this.cell = square ? Math.min(across, down) : across;
        this.rowHeight = square ? cell : down;
        this.upright = widest(columns) > cell - 4;
        double left = Math.ceil(Math.max(LEAST_LEFT, 20 + TextStyle.PLAIN.width(rows.name()) + 12 + widest(rows)));
        this.cells = new Box(left, TOP, columns.size() * cell, rows.size() * rowHeight);
    }

    private static double size(double most, int count) {
        double smallest = SMALLEST_CELL / GridColors.block(count, count);
        return Math.max(smallest, Math.min(most, ROOM / Math.max(1, count)));
    }

    private static String label(Axis axis, int index) {
        return VisibleText.of(axis.label(index));
    }

    /** Labels that stand in the picture, not those left out for lack of room. */
    private static double widest(Axis axis) {
        int every = Math.max(1, axis.size() / 200);
        return IntStream.range(0, axis.size())
                .filter(i -> i % every == 0)
                .mapToDouble(i -> TextStyle.PLAIN.width(label(axis, i)))
                .max()
                .orElse(0);
    }

    private double barHeight() {
        return Math.max(4 * HIGHEST_CELL, cells.height());
    }

    @Override
    public double width() {
        double scale = 50 + Math.max(60, TextStyle.PLAIN.width(panel.quantity().unit()));
        return Math.max(cells.right() + scale, 30 + TextStyle.TITLE.width(panel.title()));
    }

    @Override
    public double height() {
        double labels = upright ? widest(columns) + 10 : 22;
        return Math.max(cells.bottom() + labels + 18, TOP + barHeight() + 12);
    }

    @Override
    public void draw(Surface to) {
        page(to, panel.title(), slice.place(grid));
        if (rows.size() * columns.size() > GridColors.MOST_SHAPES) {
            colors.paint(to, grid, slice, cells, false);
        } else {
            for (int row = 0; row < rows.size(); row++) {
                for (int column = 0; column < columns.size(); column++) {
                    cell(to, row, column);
                }
            }
        }
        rowLabels(to);
        columnLabels(to);
        ScaleBar.draw(to, new Spot(cells.right() + 20, TOP), barHeight(), colors, panel.quantity());
    }

    private void cell(Surface to, int row, int column) {
        double value = slice.at(grid, row, column);
        Box box = new Box(cells.x() + column * cell, TOP + row * rowHeight, cell, rowHeight);
        if (Double.isNaN(value)) {
            Pen pen = new Pen(RULE, 0.6);
            to.line(List.of(new Spot(box.x(), box.bottom()), new Spot(box.right(), box.y())), pen);
            return;
        }
        to.fill(box, colors.argb(value));
        if (cell >= NUMBERED && rowHeight >= LABEL_HEIGHT) {
            TextStyle style = TextStyle.PLAIN.at(Anchor.MIDDLE).in(colors.textArgb(value));
            String number = Ticks.brief(value, colors.extent());
            to.text(number, new Spot(box.middle(), box.y() + rowHeight / 2 + 4), style);
        }
    }

    private static int every(double room) {
        return Math.max(1, (int) Math.ceil(LABEL_HEIGHT / room));
    }

    private void rowLabels(Surface to) {
        double x = cells.x() - 8;
        for (int row = 0; row < rows.size(); row += every(rowHeight)) {
            Spot at = new Spot(x, TOP + (row + 0.5) * rowHeight + 4);
            to.text(label(rows, row), at, TextStyle.PLAIN.at(Anchor.END));
        }
        to.text(rows.name(), new Spot(10, TOP + 12), TextStyle.PLAIN.in(FAINT));
    }

    private void columnLabels(Surface to) {
        double y = cells.bottom() + (upright ? 8 : 15);
        TextStyle style = upright ? TextStyle.PLAIN.rising().at(Anchor.END) : TextStyle.PLAIN.at(Anchor.MIDDLE);
        for (int column = 0; column < columns.size(); column += upright ? every(cell) : 1) {
            double x = cells.x() + (column + 0.5) * cell + (upright ? 4 : 0);
            to.text(label(columns, column), new Spot(x, y), style);
        }
        to.text(columns.name(), new Spot(10, cells.bottom() + 15), TextStyle.PLAIN.in(FAINT));
    }
}
