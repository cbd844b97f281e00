package org.headscope.app.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.util.Locale;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.app.control.color.ColorMap;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.ValueRange;

/** A grid of two axes as a heat map with its numbers, labels and scale. Zero keeps its colour. */
final class GridDrawing implements Drawing {
    private static final int LEFT = 90;
    private static final int TOP = 40;
    private static final int BAR = 120;
    private static final int LABEL_WIDTH = 7;
    private static final int STEPS = 100;
    /** Cells smaller than this have no room for a number. */
    private static final int NUMBERED = 34;

    private static final double DARK = 0.5;

    private final GridPanel panel;
    private final Axis rows;
    private final Axis columns;
    private final int cell;
    private final int bottom;
    private final ColorMap map;
    private final ValueRange range;

    GridDrawing(GridPanel panel) {
        this.panel = panel;
        this.rows = panel.grid().axes().get(0);
        this.columns = panel.grid().axes().get(1);
        this.cell = columns.size() <= 24 ? 40 : Math.max(2, 960 / columns.size());
        int longest = IntStream.range(0, columns.size())
                .map(i -> columns.label(i).length())
                .max()
                .orElse(1);
        this.bottom = 30 + (longest > 3 ? longest * LABEL_WIDTH : 0);
        boolean signed = panel.quantity().zeroCentred();
        this.map = signed ? ColorMap.DIVERGING : ColorMap.VIRIDIS;
        this.range = range(panel.grid(), signed ? ScaleKind.DIVERGING : ScaleKind.SEQUENTIAL);
    }

    private static ValueRange range(Grid grid, ScaleKind kind) {
        double[] known = IntStream.range(0, grid.size())
                .mapToDouble(grid::valueAt)
                .filter(Double::isFinite)
                .toArray();
        return ValueRange.containing(
                kind,
                IntStream.range(0, known.length)
                        .mapToDouble(i -> known[i])
                        .min()
                        .orElse(Double.NaN),
                IntStream.range(0, known.length)
                        .mapToDouble(i -> known[i])
                        .max()
                        .orElse(Double.NaN));
    }

    private int rowHeight() {
        return Math.min(cell, NUMBERED);
    }

    @Override
    public int width() {
        return LEFT + columns.size() * cell + BAR;
    }

    @Override
    public int height() {
        return TOP + Math.max(4, rows.size()) * rowHeight() + bottom;
    }

    @Override
    public void draw(Graphics2D to) {
        page(to, panel.title());
        for (int row = 0; row < rows.size(); row++) {
            to.setColor(INK);
            to.drawString(
                    (row == 0 ? rows.name() + " " : "") + rows.label(row),
                    row == 0 ? 10 : LEFT - 25,
                    TOP + row * rowHeight() + rowHeight() / 2 + 4);
            for (int column = 0; column < columns.size(); column++) {
                cell(to, row, column);
            }
        }
        columnLabels(to);
        bar(to);
    }

    private void cell(Graphics2D to, int row, int column) {
        double value = panel.grid().at(row, column);
        int x = LEFT + column * cell;
        int y = TOP + row * rowHeight();
        if (Double.isNaN(value)) {
            to.setColor(FAINT);
            to.drawLine(x, y + rowHeight(), x + cell, y);
            return;
        }
        Color color = new Color(map.argb(range.fraction(value)));
        to.setColor(color);
        to.fillRect(x, y, cell, rowHeight());
        if (cell >= NUMBERED) {
            double light = (0.3 * color.getRed() + 0.59 * color.getGreen() + 0.11 * color.getBlue()) / 255;
            to.setColor(light < DARK ? Color.WHITE : INK);
            to.drawString(number(value), x + 5, y + rowHeight() / 2 + 4);
        }
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String text = String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
        return text.equals("-0.00") ? "0.00" : text;
    }

    private void columnLabels(Graphics2D to) {
        int y = TOP + rows.size() * rowHeight() + 14;
        to.setColor(INK);
        AffineTransform upright = to.getTransform();
        int every = Math.max(1, 14 / cell);
        for (int column = 0; column < columns.size(); column += every) {
            int x = LEFT + column * cell + cell / 2;
            if (bottom > 30) {
                to.rotate(-Math.PI / 2, x + 4, y);
                to.drawString(
                        columns.label(column),
                        x + 4 - LABEL_WIDTH * columns.label(column).length(),
                        y);
                to.setTransform(upright);
            } else {
                to.drawString(columns.label(column), x - 4, y);
            }
        }
        to.drawString(columns.name(), 10, y);
    }

    private void bar(Graphics2D to) {
        int x = LEFT + columns.size() * cell + 20;
        int height = Math.max(4, rows.size()) * rowHeight();
        for (int i = 0; i < STEPS; i++) {
            to.setColor(new Color(map.argb(1 - i / (STEPS - 1.0))));
            int from = TOP + height * i / STEPS;
            to.fillRect(x, from, 14, TOP + height * (i + 1) / STEPS - from);
        }
        to.setColor(INK);
        to.drawString(number(range.high()), x + 20, TOP + 10);
        to.drawString(number(range.low()), x + 20, TOP + height);
        to.drawString(panel.quantity().unit(), x + 20, TOP + height / 2);
    }
}
