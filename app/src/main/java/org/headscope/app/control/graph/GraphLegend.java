package org.headscope.app.control.graph;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.Ticks;

/**
 * Says what the lines of a graph mean: the colours of both signs, the number of the widest line, and what the numbers are.
 *
 * @param g where to draw
 * @param look colours and type
 * @param width how much room there is
 * @param y the middle of it
 */
record GraphLegend(GraphicsContext g, GraphPainter.Look look, double width, double y) {
    private static final double SAMPLE = 26;
    private static final double GAP = 6;
    private static final double BETWEEN = 16;

    void paint(double extent, String title) {
        g.setFont(look.font());
        g.setTextAlign(TextAlignment.LEFT);
        g.setTextBaseline(VPos.CENTER);
        double second = sample(GAP, -extent);
        double after = sample(second, extent);
        g.setFill(look.muted());
        g.fillText(title, after, y, Math.max(SAMPLE, width - after - GAP));
    }

    /** One line with its number; tells where the next one goes. */
    private double sample(double x, double score) {
        g.setStroke(look.sign(score));
        g.setLineWidth(GraphPainter.width(score, Math.abs(score)));
        g.strokeLine(x, y, x + SAMPLE, y);
        g.setFill(look.text());
        String number = Ticks.format(score);
        g.fillText(number, x + SAMPLE + GAP, y);
        return x + SAMPLE + GAP + new TextMetrics(look.font()).width(number) + BETWEEN;
    }
}
