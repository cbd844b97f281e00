package org.headscope.app.control.waterfall;

import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.ColorMap;
import org.headscope.app.control.color.ColorScale;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;

/** Draws the bars of a waterfall: names on the left, numbers on the right, the way to the sum between them. */
final class WaterfallPainter {
    private static final double GAP = 8;
    private static final double INDENT = 16;
    private static final double ARROW = 4;
    private static final int TICKS = 9;
    private static final double ROOM_PER_TICK = 34;
    /** How far from the middle of the colour map bars are coloured, of 1. */
    private static final double STRENGTH = 0.72;

    private final GraphicsContext g;
    private final List<WaterfallRow> rows;
    private final WaterfallModel model;
    private final Ink ink;
    private final double top;
    private final double rowHeight;
    private final ValueRange range;
    private double left;
    private double right;

    /**
     * Colours and type.
     *
     * @param strong colour of names and numbers
     * @param muted colour of parts and of the scale
     * @param line colour of lines
     * @param subtle colour behind the row of the cursor
     * @param accent colour of the total
     * @param map colours for and against
     * @param font type of names and numbers
     * @param small type of the scale
     */
    record Ink(
            Color strong, Color muted, Color line, Color subtle, Color accent, ColorMap map, Font font, Font small) {}

    WaterfallPainter(GraphicsContext g, WaterfallModel model, Ink ink, double top, double rowHeight) {
        this.g = g;
        this.model = model;
        this.rows = model.rowsProperty().get();
        this.ink = ink;
        this.top = top;
        this.rowHeight = rowHeight;
        this.range = range(rows);
    }

    private static ValueRange range(List<WaterfallRow> rows) {
        double low = 0;
        double high = 0;
        for (WaterfallRow row : rows) {
            low = Math.min(low, Math.min(row.from(), row.to()));
            high = Math.max(high, Math.max(row.from(), row.to()));
        }
        double margin = Math.max(1e-9, (high - low) * 0.03);
        return new ValueRange(low - margin, high + margin);
    }

    void paint(double from, double to, boolean focused) {
        TextMetrics metrics = new TextMetrics(ink.font());
        double names = rows.stream()
                .mapToDouble(row -> indent(row) + metrics.width(row.shown().name()))
                .max()
                .orElse(0);
        double numbers = rows.stream()
                .mapToDouble(row -> metrics.width(Ticks.signed(row.shown().value())))
                .max()
                .orElse(0);
        left = Math.ceil(from + GAP + Math.min(names, (to - from) * 0.4) + GAP);
        right = Math.floor(to - numbers - 2 * GAP);
        cursor(from, to, focused);
        scale();
        for (int i = 0; i < rows.size(); i++) {
            row(i, from, to);
        }
    }

    private static double indent(WaterfallRow row) {
        return row.kind() == WaterfallRow.Kind.PART ? 2 * INDENT : INDENT;
    }

    private double x(double value) {
        return left + range.fraction(value) * (right - left);
    }

    private void cursor(double from, double to, boolean focused) {
        int cursor = model.cursorProperty().get();
        if (cursor == WaterfallModel.NONE) {
            return;
        }
        double y = top + cursor * rowHeight;
        g.setFill(ink.subtle());
        g.fillRoundRect(from, y, to - from, rowHeight, 6, 6);
        if (focused) {
            g.setStroke(ink.accent());
            g.setLineWidth(1.5);
            g.strokeRoundRect(from + 1, y + 1, to - from - 2, rowHeight - 2, 6, 6);
        }
    }

    private void scale() {
        double bottom = top + rows.size() * rowHeight;
        g.setFont(ink.small());
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.BOTTOM);
        g.setLineWidth(1);
        int most = (int) Math.max(2, Math.min(TICKS, (right - left) / ROOM_PER_TICK));
        for (double tick : Ticks.of(range, most)) {
            double x = Math.floor(x(tick)) + 0.5;
            g.setStroke(tick == 0 ? ink.muted() : ink.line().deriveColor(0, 1, 1, 0.5));
            g.strokeLine(x, top - 2, x, bottom);
            g.setFill(ink.muted());
            g.fillText(Ticks.format(tick), x, top - 3);
        }
    }

    private void row(int index, double from, double to) {
        WaterfallRow row = rows.get(index);
        double y = top + index * rowHeight;
        double middle = y + rowHeight / 2;
        g.setFont(ink.font());
        g.setTextBaseline(VPos.CENTER);
        g.setTextAlign(TextAlignment.LEFT);
        g.setFill(row.kind() == WaterfallRow.Kind.PART ? ink.muted() : ink.strong());
        g.fillText(
                row.shown().name(), from + GAP + indent(row), middle, Math.max(1, left - from - 2 * GAP - indent(row)));
        g.setTextAlign(TextAlignment.RIGHT);
        g.fillText(Ticks.signed(row.shown().value()), to - GAP, middle);
        if (row.kind() == WaterfallRow.Kind.OPEN || row.kind() == WaterfallRow.Kind.CLOSED) {
            arrow(from + GAP + ARROW, middle, row.kind() == WaterfallRow.Kind.OPEN);
        }
        bar(row, y);
        if (index + 1 < rows.size()) {
            join(row, rows.get(index + 1), y);
        }
    }

    private void arrow(double x, double y, boolean open) {
        g.setFill(ink.muted());
        if (open) {
            g.fillPolygon(
                    new double[] {x - ARROW, x + ARROW, x}, new double[] {y - ARROW / 2, y - ARROW / 2, y + ARROW}, 3);
        } else {
            g.fillPolygon(
                    new double[] {x - ARROW / 2, x + ARROW, x - ARROW / 2}, new double[] {y - ARROW, y, y + ARROW}, 3);
        }
    }

    /** An open step is only a frame: its parts carry the colour. */
    private void bar(WaterfallRow row, double y) {
        double a = x(Math.min(row.from(), row.to()));
        double b = x(Math.max(row.from(), row.to()));
        double thick = row.kind() == WaterfallRow.Kind.PART ? rowHeight - 12 : rowHeight - 8;
        double from = y + (rowHeight - thick) / 2;
        Color color = color(row);
        if (row.kind() == WaterfallRow.Kind.OPEN) {
            g.setStroke(color);
            g.setLineWidth(1.5);
            g.strokeRect(a, from + 1, Math.max(1.5, b - a), thick - 2);
        } else {
            g.setFill(color);
            g.fillRect(a, from, Math.max(1.5, b - a), thick);
        }
    }

    private Color color(WaterfallRow row) {
        if (row.kind() == WaterfallRow.Kind.TOTAL) {
            return ink.accent();
        }
        return new ColorScale(ink.map(), new ValueRange(-1, 1))
                .color(row.shown().value() < 0 ? -STRENGTH : STRENGTH);
    }

    /** From the end of a bar to the beginning of the next; the total begins at zero again but ends where the last ended. */
    private void join(WaterfallRow row, WaterfallRow next, double y) {
        double at = row.kind() == WaterfallRow.Kind.OPEN ? row.from() : row.to();
        double x = Math.floor(x(at)) + 0.5;
        g.setStroke(ink.muted());
        g.setLineWidth(1);
        double into = next.kind() == WaterfallRow.Kind.TOTAL ? 5 : 4;
        g.strokeLine(x, y + rowHeight - 4, x, y + rowHeight + into);
    }
}
