package org.headscope.app.control.scatter;

import java.util.Set;
import javafx.geometry.Point2D;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.color.Ticks;

/**
 * Draws axes and points.
 *
 * @param g where to draw
 * @param frame where points lie
 * @param ink colours and type
 */
record ScatterPainter(GraphicsContext g, ScatterFrame frame, Ink ink) {
    static final int TICKS = 6;
    private static final double RADIUS = 4;
    private static final double RING = 7;
    private static final double GAP = 4;

    /**
     * Colours and type.
     *
     * @param strong colour of numbers and of frames around points
     * @param muted colour of titles and usual points
     * @param line colour of axes
     * @param surface colour of the ground
     * @param accent colour of points that stand out
     * @param font type of numbers and titles
     */
    record Ink(Color strong, Color muted, Color line, Color surface, Color accent, Font font) {}

    void axes(String xTitle, String yTitle) {
        g.setFont(ink.font());
        g.setLineWidth(1);
        g.setStroke(ink.line());
        g.strokeRect(
                Math.floor(frame.left()) + 0.5,
                Math.floor(frame.top()) + 0.5,
                Math.floor(frame.width()),
                Math.floor(frame.height()));
        Color faint = ink.line().deriveColor(0, 1, 1, 0.5);
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.TOP);
        for (double tick : Ticks.of(frame.x(), TICKS)) {
            double x = Math.floor(frame.acrossOf(tick)) + 0.5;
            g.setStroke(faint);
            g.strokeLine(x, frame.top(), x, frame.bottom());
            g.setFill(ink.muted());
            g.fillText(Ticks.format(tick), x, frame.bottom() + GAP);
        }
        g.setTextAlign(TextAlignment.RIGHT);
        g.setTextBaseline(VPos.CENTER);
        for (double tick : Ticks.of(frame.y(), TICKS)) {
            double y = Math.floor(frame.upOf(tick)) + 0.5;
            g.setStroke(faint);
            g.strokeLine(frame.left(), y, frame.right(), y);
            g.setFill(ink.muted());
            g.fillText(Ticks.format(tick), frame.left() - GAP, y);
        }
        titles(xTitle, yTitle);
    }

    private void titles(String xTitle, String yTitle) {
        g.setFill(ink.strong());
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.BOTTOM);
        g.fillText(xTitle, frame.left() + frame.width() / 2, g.getCanvas().getHeight() - 1, Math.max(1, frame.width()));
        g.save();
        g.translate(1, frame.top() + frame.height() / 2);
        g.rotate(-90);
        g.setTextBaseline(VPos.TOP);
        g.fillText(yTitle, 0, 0, Math.max(1, frame.height()));
        g.restore();
    }

    /** Selected points have a ring, pointed out ones another colour and shape, so that neither depends on colour alone. */
    void points(ScatterModel model, boolean focused) {
        var points = model.pointsProperty().get();
        Set<Integer> outlined = model.outlinedProperty().get();
        Set<Integer> selected = model.selectedProperty().get();
        for (int i = 0; i < points.size(); i++) {
            if (!outlined.contains(i)) {
                dot(frame.place(points.get(i)), ink.muted());
            }
        }
        for (int i : outlined) {
            diamond(frame.place(points.get(i)));
        }
        for (int i : selected) {
            ring(frame.place(points.get(i)), RING, 2);
        }
        if (focused && model.cursorProperty().get() != ScatterModel.NONE) {
            ring(frame.place(points.get(model.cursorProperty().get())), RING + 3, 1);
        }
        names(model);
    }

    /** A few names help, many hide the points. */
    private void names(ScatterModel model) {
        if (model.selectedProperty().get().size() > 12) {
            return;
        }
        g.setFont(ink.font());
        g.setFill(ink.strong());
        g.setTextBaseline(VPos.CENTER);
        for (int i : model.selectedProperty().get()) {
            ScatterPoint point = model.pointsProperty().get().get(i);
            Point2D place = frame.place(point);
            boolean toTheLeft = place.getX() > frame.right() - 40;
            g.setTextAlign(toTheLeft ? TextAlignment.RIGHT : TextAlignment.LEFT);
            g.fillText(point.name(), place.getX() + (toTheLeft ? -1 : 1) * (RING + GAP), place.getY());
        }
    }

    private void dot(Point2D at, Color color) {
        g.setFill(color.deriveColor(0, 1, 1, 0.75));
        g.fillOval(at.getX() - RADIUS, at.getY() - RADIUS, 2 * RADIUS, 2 * RADIUS);
        g.setStroke(ink.surface());
        g.setLineWidth(1);
        g.strokeOval(at.getX() - RADIUS, at.getY() - RADIUS, 2 * RADIUS, 2 * RADIUS);
    }

    private void diamond(Point2D at) {
        double r = RADIUS + 1.5;
        double[] xs = {at.getX(), at.getX() + r, at.getX(), at.getX() - r};
        double[] ys = {at.getY() - r, at.getY(), at.getY() + r, at.getY()};
        g.setFill(ink.accent());
        g.fillPolygon(xs, ys, xs.length);
        g.setStroke(ink.surface());
        g.setLineWidth(1);
        g.strokePolygon(xs, ys, xs.length);
    }

    private void ring(Point2D at, double radius, double width) {
        g.setStroke(ink.strong());
        g.setLineWidth(width);
        g.strokeOval(at.getX() - radius, at.getY() - radius, 2 * radius, 2 * radius);
    }

    /** The rectangle that is being dragged. */
    void selecting(Point2D from, Point2D to) {
        g.setStroke(ink.accent());
        g.setLineWidth(1);
        g.setLineDashes(4, 3);
        g.strokeRect(
                Math.min(from.getX(), to.getX()),
                Math.min(from.getY(), to.getY()),
                Math.abs(to.getX() - from.getX()),
                Math.abs(to.getY() - from.getY()));
        g.setLineDashes();
    }
}
