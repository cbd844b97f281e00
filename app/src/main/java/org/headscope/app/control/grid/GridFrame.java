package org.headscope.app.control.grid;

import java.util.function.Function;
import java.util.function.Predicate;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.ColorScale;
import org.headscope.app.control.color.Ticks;

/**
 * Writes the labels around the cells and, when asked, the numbers in them.
 *
 * @param model what is shown
 * @param geometry where the cells are
 * @param room how labels lie
 * @param font type of the labels
 * @param strong colour of labels
 * @param muted colour of titles
 */
record GridFrame(GridModel model, GridGeometry geometry, GridRoom room, Font font, Color strong, Color muted) {
    private static final double NUMBER_PADDING = 3;
    private static final double NUMBER_SIZE = 0.86;
    private static final double WORD_SIZE = 0.95;

    void paint(GraphicsContext g) {
        TextMetrics metrics = new TextMetrics(font);
        g.setFont(font);
        paintRowLabels(g, metrics);
        paintColumnLabels(g, metrics);
        paintTitles(g, metrics);
    }

    private void paintRowLabels(GraphicsContext g, TextMetrics metrics) {
        GridWindow window = geometry.window();
        g.setFill(strong);
        g.setTextAlign(TextAlignment.RIGHT);
        g.setTextBaseline(VPos.CENTER);
        for (int row :
                AxisLabels.shown(window.firstRow(), window.rows(), geometry.cellHeight(), metrics.lineHeight())) {
            g.fillText(
                    GridRoom.shortened(model.rowLabel(row)),
                    geometry.left() - GridRoom.GAP,
                    geometry.y(row) + geometry.cellHeight() / 2);
        }
    }

    private void paintColumnLabels(GraphicsContext g, TextMetrics metrics) {
        GridWindow window = geometry.window();
        int last = window.firstColumn() + window.columns() - 1;
        double needed = room.slanted()
                ? metrics.lineHeight() / Math.sin(Math.toRadians(GridRoom.SLANT))
                : metrics.width(GridRoom.shortened(model.columnLabel(Math.max(0, last)))) + GridRoom.GAP;
        g.setFill(strong);
        for (int column : AxisLabels.shown(
                window.firstColumn(),
                window.columns(),
                geometry.cellWidth(),
                model.columnLabels().isEmpty() || room.slanted() ? needed : 0)) {
            g.save();
            g.translate(geometry.x(column) + geometry.cellWidth() / 2, geometry.top() - GridRoom.GAP);
            if (room.slanted()) {
                g.rotate(-GridRoom.SLANT);
                g.setTextAlign(TextAlignment.LEFT);
                g.setTextBaseline(VPos.CENTER);
            } else {
                g.setTextAlign(TextAlignment.CENTER);
                g.setTextBaseline(VPos.BOTTOM);
            }
            g.fillText(GridRoom.shortened(model.columnLabel(column)), 0, 0);
            g.restore();
        }
    }

    private void paintTitles(GraphicsContext g, TextMetrics metrics) {
        g.setFill(muted);
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.TOP);
        g.fillText(
                model.columnTitleProperty().get(), geometry.left() + geometry.width() / 2, geometry.top() - room.top());
        g.save();
        g.translate(geometry.left() - room.left(), geometry.top() + geometry.height() / 2);
        g.rotate(-90);
        g.fillText(model.rowTitleProperty().get(), 0, 0, Math.max(metrics.lineHeight(), geometry.height()));
        g.restore();
    }

    /** Writes numbers into cells, if every cell has room for the usual number. */
    void paintNumbers(GraphicsContext g, ColorScale scale, Predicate<GridCell> wanted) {
        double extent =
                Math.max(Math.abs(scale.range().low()), Math.abs(scale.range().high()));
        Font small = Font.font(font.getFamily(), font.getSize() * NUMBER_SIZE);
        TextMetrics metrics = new TextMetrics(small);
        if (geometry.cellWidth() < metrics.width("−0.12") + NUMBER_PADDING
                || geometry.cellHeight() < metrics.lineHeight()) {
            return;
        }
        g.setFont(small);
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        GridWindow window = geometry.window();
        for (int row = window.firstRow(); row < window.firstRow() + window.rows(); row++) {
            for (int column = window.firstColumn(); column < window.firstColumn() + window.columns(); column++) {
                float value = model.values().get(row, column);
                if (!Float.isNaN(value) && wanted.test(new GridCell(row, column))) {
                    g.setFill(scale.textColor(value));
                    g.fillText(
                            Ticks.brief(value, extent),
                            geometry.x(column) + geometry.cellWidth() / 2,
                            geometry.y(row) + geometry.cellHeight() / 2,
                            geometry.cellWidth() - 2);
                }
            }
        }
    }

    /** Writes words into the cells in sight, shortened to their width, if there is room for any. */
    void paintWords(GraphicsContext g, ColorScale scale, Function<GridCell, String> words) {
        Font small = Font.font(font.getFamily(), font.getSize() * WORD_SIZE);
        TextMetrics metrics = new TextMetrics(small);
        double room = geometry.cellWidth() - NUMBER_PADDING;
        if (room < metrics.width("Abc") || geometry.cellHeight() < metrics.lineHeight()) {
            return;
        }
        g.setFont(small);
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        GridWindow window = geometry.window();
        for (int row = window.firstRow(); row < window.firstRow() + window.rows(); row++) {
            for (int column = window.firstColumn(); column < window.firstColumn() + window.columns(); column++) {
                g.setFill(scale.textColor(model.values().get(row, column)));
                g.fillText(
                        fitting(words.apply(new GridCell(row, column)), metrics, room),
                        geometry.x(column) + geometry.cellWidth() / 2,
                        geometry.y(row) + geometry.cellHeight() / 2);
            }
        }
    }

    private static String fitting(String word, TextMetrics metrics, double room) {
        String shown = word;
        for (int length = word.length() - 1; length > 0 && metrics.width(shown) > room; length--) {
            shown = word.substring(0, length) + "…";
        }
        return shown;
    }
}
