package org.headscope.app.picture;

import java.util.List;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.picture.TextStyle.Anchor;

/**
 * Two scales and what lies between them.
 *
 * @param plot where numbers lie
 * @param x numbers covered across
 * @param y numbers covered upwards
 */
record Axes(Box plot, ValueRange x, ValueRange y) {
    private static final int MOST_TICKS = 7;
    private static final int GAP = 6;

    Spot place(double px, double py) {
        return new Spot(
                plot.x() + (px - x.low()) / (x.high() - x.low()) * plot.width(),
                plot.bottom() - (py - y.low()) / (y.high() - y.low()) * plot.height());
    }

    /** How much room the numbers beside an upright scale need. */
    static double roomBeside(ValueRange y) {
        return GAP
                + ticks(y).stream()
                        .mapToDouble(tick -> TextStyle.PLAIN.width(Ticks.format(tick)))
                        .max()
                        .orElse(0);
    }

    static List<Double> ticks(ValueRange range) {
        return Ticks.of(range, MOST_TICKS);
    }

    /** Both scales, around a frame. */
    void draw(Surface to, String xTitle) {
        for (double tick : ticks(y)) {
            double at = place(0, tick).y();
            to.line(List.of(new Spot(plot.x(), at), new Spot(plot.right(), at)), new Pen(Drawing.RULE, 0.8));
            to.text(Ticks.format(tick), new Spot(plot.x() - GAP, at + 4), TextStyle.PLAIN.at(Anchor.END));
        }
        below(to);
        to.frame(plot, new Pen(Drawing.FAINT, 0.8));
        title(to, xTitle);
    }

    /** The numbers of the scale across. */
    void below(Surface to) {
        for (double tick : ticks(x)) {
            double at = place(tick, 0).x();
            to.line(List.of(new Spot(at, plot.bottom()), new Spot(at, plot.bottom() + 4)), new Pen(Drawing.FAINT, 0.8));
            to.text(Ticks.format(tick), new Spot(at, plot.bottom() + 16), TextStyle.PLAIN.at(Anchor.MIDDLE));
        }
    }

    /** What the scale across measures. */
    void title(Surface to, String xTitle) {
        to.text(xTitle, new Spot(plot.middle(), plot.bottom() + 36), TextStyle.PLAIN.at(Anchor.MIDDLE));
    }
}
