package org.headscope.app.picture;

import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.color.Ticks;

/** The colours of a grid with the numbers they stand for. */
final class ScaleBar {
    private static final int STEPS = 64;
    private static final int WIDTH = 14;

    private ScaleBar() {}

    static void draw(Surface to, Spot at, double height, GridColors colors, Quantity quantity) {
        double step = height / STEPS;
        for (int i = 0; i < STEPS; i++) {
            double room = Math.min(height - i * step, 2 * step); // covers the seam to the next one
            to.fill(
                    new Box(at.x(), at.y() + i * step, WIDTH, room),
                    colors.map().argb(1 - i / (STEPS - 1.0)));
        }
        double beside = at.x() + WIDTH + 6;
        to.text(Ticks.format(colors.range().high()), new Spot(beside, at.y() + 10), TextStyle.PLAIN);
        to.text(Ticks.format(colors.range().low()), new Spot(beside, at.y() + height), TextStyle.PLAIN);
        to.text(quantity.unit(), new Spot(beside, at.y() + height / 2 + 4), TextStyle.PLAIN.in(Drawing.FAINT));
    }
}
