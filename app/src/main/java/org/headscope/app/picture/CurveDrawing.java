package org.headscope.app.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Curve.Line;

/** Lines over a common axis. */
final class CurveDrawing implements Drawing {
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int PLOT_WIDTH = 560;
    private static final int PLOT_HEIGHT = 280;
    private static final int LEGEND = 160;
    /** Distinct with every common kind of colour vision (Okabe and Ito). */
    private static final List<Color> COLORS = Stream.of(
                    0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0xd55e00, 0x56b4e9, 0x000000)
            .map(Color::new)
            .toList();

    private final Curve curve;
    private final double[] x;
    private final double[] y;

    CurveDrawing(Curve curve) {
        this.curve = curve;
        this.x = ends(curve.lines().stream().flatMap(line -> line.x().stream()));
        this.y = ends(Stream.concat(Stream.of(0.0), curve.lines().stream().flatMap(line -> line.y().stream())));
    }

    private static double[] ends(Stream<Double> numbers) {
        double[] sorted = numbers.mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double low = sorted.length == 0 ? 0 : sorted[0];
        double high = sorted.length == 0 ? 1 : sorted[sorted.length - 1];
        return new double[] {low, high > low ? high : low + 1};
    }

    @Override
    public int width() {
        return LEFT + PLOT_WIDTH + LEGEND;
    }

    @Override
    public int height() {
        return TOP + PLOT_HEIGHT + 50;
    }

    @Override
    public void draw(Graphics2D to) {
        page(to, curve.title());
        to.setColor(FAINT);
        to.drawRect(LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT);
        to.setColor(INK);
        to.drawString(number(y[1]), 8, TOP + 10);
        to.drawString(number(y[0]), 8, TOP + PLOT_HEIGHT);
        to.drawString(number(x[0]), LEFT, TOP + PLOT_HEIGHT + 16);
        to.drawString(number(x[1]), LEFT + PLOT_WIDTH - 20, TOP + PLOT_HEIGHT + 16);
        to.drawString(curve.x().name() + " → " + curve.y().name(), LEFT, TOP + PLOT_HEIGHT + 36);
        to.setStroke(new BasicStroke(1.6f));
        for (int i = 0; i < curve.lines().size(); i++) {
            to.setColor(COLORS.get(i % COLORS.size()));
            to.draw(path(curve.lines().get(i)));
            to.drawString(curve.lines().get(i).name(), LEFT + PLOT_WIDTH + 10, TOP + 14 * (i + 1));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    private Path2D path(Line line) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < line.x().size(); i++) {
            double px = LEFT + (line.x().get(i) - x[0]) / (x[1] - x[0]) * PLOT_WIDTH;
            double py = TOP + PLOT_HEIGHT - (line.y().get(i) - y[0]) / (y[1] - y[0]) * PLOT_HEIGHT;
            if (path.getCurrentPoint() == null) {
                path.moveTo(px, py);
            } else {
                path.lineTo(px, py);
            }
        }
        return path;
    }
}
