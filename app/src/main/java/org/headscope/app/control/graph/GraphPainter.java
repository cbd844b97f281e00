package org.headscope.app.control.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.shape.StrokeLineCap;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.ColorMap;
import org.headscope.app.control.color.ScaleKind;

/**
 * Draws a graph: width and strength of a line tell the size of its number, its colour the sign.
 *
 * @param g where to draw
 * @param model what is drawn
 * @param geometry where it lies
 * @param look colours and type
 */
record GraphPainter(GraphicsContext g, GraphModel model, GraphGeometry geometry, Look look) {
    private static final double THINNEST = 0.7;
    private static final double THICKEST = 7;
    private static final double ROUND = 8;
    private static final double PADDING = 3;

    /** Fractions of the diverging maps that are well seen on their surface. */
    private static final double NEGATIVE = 0.14;

    /**
     * Colours and type.
     *
     * @param text of names
     * @param muted of what is less important
     * @param surface behind everything
     * @param accent of what is pointed at
     * @param dark whether the surface is dark
     * @param font of names
     */
    record Look(Color text, Color muted, Color surface, Color accent, boolean dark, Font font) {
        Color sign(double score) {
            if (score == 0 || Double.isNaN(score)) {
                return muted;
            }
            ColorMap map = ScaleKind.DIVERGING.map(dark);
            int argb = map.argb(score < 0 ? NEGATIVE : 1 - NEGATIVE);
            return Color.rgb(argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff);
        }
    }

    static double width(double score, double extent) {
        double share = extent == 0 || Double.isNaN(score) ? 0 : Math.abs(score) / extent;
        return THINNEST + (THICKEST - THINNEST) * share;
    }

    /** Draws some flows, the smallest first so that large ones lie on top. */
    void flows(List<GraphFlow> shown) {
        boolean all = shown.size() == geometry.curves().size();
        Set<GraphFlow> wanted = all ? Set.of() : new HashSet<>(shown);
        curves(geometry.curves().stream()
                .filter(curve -> all || wanted.contains(curve.flow()))
                .toList());
    }

    /** Draws lines, the last first; they are given with the largest first. */
    void curves(List<FlowCurve> shown) {
        double extent = model.data().extent();
        g.setLineCap(StrokeLineCap.BUTT);
        for (int i = shown.size() - 1; i >= 0; i--) {
            FlowCurve curve = shown.get(i);
            double score = curve.flow().score();
            double share = extent == 0 ? 0 : Math.abs(score) / extent;
            g.setStroke(look.sign(score).deriveColor(0, 1, 1, 0.45 + 0.5 * Math.sqrt(share)));
            g.setLineWidth(width(score, extent));
            curve.trace(g);
        }
    }

    /** Writes on lines through which input of a head they come. */
    void inputs(List<GraphFlow> shown) {
        Set<GraphFlow> wanted = new HashSet<>(shown);
        g.setFont(look.font());
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        TextMetrics metrics = new TextMetrics(look.font());
        for (FlowCurve curve : geometry.curves()) {
            if (wanted.contains(curve.flow()) && !curve.flow().input().isEmpty()) {
                String name = curve.flow().input().toUpperCase(Locale.ROOT);
                Point2D at = curve.at(0.62);
                double half = Math.max(metrics.width(name), metrics.lineHeight()) / 2;
                g.setFill(look.surface());
                g.fillOval(at.getX() - half, at.getY() - half, 2 * half, 2 * half);
                g.setFill(look.text());
                g.fillText(name, at.getX(), at.getY());
            }
        }
    }

    void parts(List<GraphPart> shown) {
        g.setFont(look.font());
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        TextMetrics metrics = new TextMetrics(look.font());
        shown.forEach(part -> part(part, metrics));
    }

    private void part(GraphPart part, TextMetrics metrics) {
        Rectangle2D at = geometry.bounds(part.id());
        boolean bar = part.kind() == GraphPart.Kind.SHARED && at.getHeight() < metrics.lineHeight() / 2;
        double round = Math.min(ROUND, at.getHeight());
        g.setFill(bar ? look.muted() : look.surface());
        g.fillRoundRect(at.getMinX(), at.getMinY(), at.getWidth(), at.getHeight(), round, round);
        if (bar) {
            return;
        }
        g.setStroke(part.kind() == GraphPart.Kind.HEAD ? look.text() : look.muted());
        g.setLineWidth(1);
        g.strokeRoundRect(at.getMinX(), at.getMinY(), at.getWidth(), at.getHeight(), round, round);
        if (metrics.width(part.label()) + PADDING <= at.getWidth() && metrics.lineHeight() - 3 <= at.getHeight()) {
            g.setFill(look.text());
            g.fillText(part.label(), middle(at).getX(), middle(at).getY());
        }
    }

    /** Frames what is pointed at, by a choice or only by the mouse. */
    void frame(GraphPart part, boolean chosen) {
        Rectangle2D at = geometry.bounds(part.id());
        g.setStroke(chosen ? look.accent() : look.text());
        g.setLineWidth(chosen ? 2.5 : 1.5);
        double out = chosen ? 2 : 1;
        g.strokeRoundRect(
                at.getMinX() - out,
                at.getMinY() - out,
                at.getWidth() + 2 * out,
                at.getHeight() + 2 * out,
                ROUND + out,
                ROUND + out);
    }

    private static Point2D middle(Rectangle2D at) {
        return new Point2D(at.getMinX() + at.getWidth() / 2, at.getMinY() + at.getHeight() / 2);
    }
}
