package org.headscope.app.control.token;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import javafx.geometry.Rectangle2D;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Pane;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;

/** Draws chips on a stack of canvases, each low enough for every graphics card. */
final class TokenCanvas extends Pane {
    private static final double TALLEST = 2000;
    private static final double ROUND = 8;
    private int rowsPerCanvas = 1;
    private final List<Chip> drawn = new ArrayList<>();

    /**
     * What a chip looks like.
     *
     * @param text the visible token
     * @param index what stands below it: its position, or its number
     * @param fill colour of the ground
     * @param border colour of the edge
     * @param edge how wide the edge is
     * @param dashed whether the edge is dashed, which says "marked" without colour
     * @param ink type and its colours
     */
    record Chip(String text, String index, Color fill, Color border, double edge, boolean dashed, Ink ink) {}

    /**
     * Type and its colours.
     *
     * @param tokens type of the tokens
     * @param indices type of the positions
     * @param strong colour of the tokens
     * @param muted colour of the positions
     */
    record Ink(Font tokens, Font indices, Color strong, Color muted) {}

    /** Draws all chips anew. */
    void paint(TokenFlow flow, IntFunction<Chip> chips) {
        rowsPerCanvas = Math.max(1, (int) (TALLEST / flow.rowHeight()));
        double width = 1
                + flow.chips().stream().mapToDouble(Rectangle2D::getMaxX).max().orElse(0);
        int rows = (int) Math.ceil(flow.height() / flow.rowHeight());
        int needed = (rows + rowsPerCanvas - 1) / rowsPerCanvas;
        while (getChildren().size() < needed) {
            getChildren().add(new Canvas());
        }
        getChildren().remove(needed, getChildren().size());
        for (int i = 0; i < needed; i++) {
            Canvas canvas = (Canvas) getChildren().get(i);
            canvas.setWidth(width);
            canvas.setHeight(Math.min(rowsPerCanvas, rows - i * rowsPerCanvas) * flow.rowHeight() + 1);
            canvas.setLayoutY(i * rowsPerCanvas * flow.rowHeight());
            canvas.getGraphicsContext2D().clearRect(0, 0, width, canvas.getHeight());
        }
        drawn.clear();
        for (int i = 0; i < flow.chips().size(); i++) {
            Chip chip = chips.apply(i);
            drawn.add(chip);
            draw(flow, i, chip);
        }
    }

    /** Draws those chips anew that look otherwise than before: of thousands of shades most stay as they are. */
    void repaintChanged(TokenFlow flow, IntFunction<Chip> chips) {
        for (int i = 0; i < Math.min(drawn.size(), flow.chips().size()); i++) {
            Chip chip = chips.apply(i);
            if (!chip.equals(drawn.get(i))) {
                drawn.set(i, chip);
                draw(flow, i, chip);
            }
        }
    }

    private void draw(TokenFlow flow, int position, Chip chip) {
        Rectangle2D place = flow.chips().get(position);
        int row = (int) Math.round(place.getMinY() / flow.rowHeight());
        Canvas canvas = (Canvas) getChildren().get(row / rowsPerCanvas);
        GraphicsContext g = canvas.getGraphicsContext2D();
        double left = place.getMinX();
        double top = place.getMinY() - canvas.getLayoutY();
        g.clearRect(left, top, place.getWidth() + 1, place.getHeight() + 1);
        g.setFill(chip.fill());
        g.fillRoundRect(left + 0.5, top + 0.5, place.getWidth(), place.getHeight(), ROUND, ROUND);
        g.setStroke(chip.border());
        g.setLineWidth(chip.edge());
        g.setLineDashes(chip.dashed() ? new double[] {4, 3} : new double[0]);
        double in = chip.edge() / 2; // a wide edge stays inside, where it can be cleared again
        g.strokeRoundRect(
                left + in, top + in, place.getWidth() + 1 - 2 * in, place.getHeight() + 1 - 2 * in, ROUND, ROUND);
        write(g, chip, left + place.getWidth() / 2, top, place.getHeight());
    }

    private static void write(GraphicsContext g, Chip chip, double centre, double top, double height) {
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.TOP);
        g.setFont(chip.ink().tokens());
        g.setFill(chip.ink().strong());
        g.fillText(chip.text(), centre, top + 3);
        g.setTextBaseline(VPos.BOTTOM);
        g.setFont(chip.ink().indices());
        g.setFill(chip.ink().muted());
        g.fillText(chip.index(), centre, top + height - 2);
    }
}
