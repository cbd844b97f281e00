package org.headscope.app.control.grid;

import javafx.geometry.Rectangle2D;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;

/**
 * Draws frames around cells: always a dark and a light line side by side, so that they are seen on every colour.
 *
 * @param g where to draw
 * @param geometry where the cells are
 * @param strong colour of the main line
 * @param halo colour of the line beside it
 * @param accent colour of the line around a selection
 */
record GridOverlay(GraphicsContext g, GridGeometry geometry, Color strong, Color halo, Color accent) {

    void cursor(GridCell cell) {
        if (geometry.window().contains(cell)) {
            frame(geometry.bounds(cell), 2, strong);
        }
    }

    /** Draws a frame inside a cell, so that those of neighbours stay apart. */
    void outline(GridCell cell) {
        if (geometry.window().contains(cell)) {
            Rectangle2D bounds = geometry.bounds(cell);
            double inset = Math.min(3, bounds.getWidth() / 6);
            g.setLineWidth(1);
            g.setStroke(halo);
            g.strokeRect(
                    bounds.getMinX() + inset + 1,
                    bounds.getMinY() + inset + 1,
                    bounds.getWidth() - 2 * inset - 2,
                    bounds.getHeight() - 2 * inset - 2);
            g.setLineWidth(2);
            g.setStroke(accent);
            g.strokeRect(
                    bounds.getMinX() + inset,
                    bounds.getMinY() + inset,
                    bounds.getWidth() - 2 * inset,
                    bounds.getHeight() - 2 * inset);
        }
    }

    void hover(GridCell cell) {
        if (geometry.window().contains(cell)) {
            frame(geometry.bounds(cell), 1, strong);
        }
    }

    /** Draws one frame around a rectangle of cells given by two corners. */
    void range(GridCell one, GridCell other) {
        Rectangle2D from = geometry.bounds(one);
        Rectangle2D to = geometry.bounds(other);
        double left = Math.max(geometry.left(), Math.min(from.getMinX(), to.getMinX()));
        double top = Math.max(geometry.top(), Math.min(from.getMinY(), to.getMinY()));
        double right = Math.min(geometry.right(), Math.max(from.getMaxX(), to.getMaxX()));
        double bottom = Math.min(geometry.bottom(), Math.max(from.getMaxY(), to.getMaxY()));
        if (right > left && bottom > top) {
            frame(new Rectangle2D(left, top, right - left, bottom - top), 2, accent);
        }
    }

    private void frame(Rectangle2D cell, double width, Color color) {
        double left = Math.floor(cell.getMinX());
        double top = Math.floor(cell.getMinY());
        double w = Math.max(3, Math.round(cell.getWidth()));
        double h = Math.max(3, Math.round(cell.getHeight()));
        g.setLineWidth(1);
        g.setStroke(halo);
        g.strokeRect(left + 0.5, top + 0.5, w - 2, h - 2);
        g.setStroke(color);
        g.setLineWidth(width);
        g.strokeRect(left - width / 2, top - width / 2, w - 1 + width, h - 1 + width);
    }
}
