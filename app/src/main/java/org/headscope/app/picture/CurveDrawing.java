package org.headscope.app.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Curve.Line;
import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.picture.TextStyle.Anchor;

/** Lines over a common axis, with their bands. */
final class CurveDrawing implements Drawing {
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int PLOT_WIDTH = 560;
    private static final int LEAST_HEIGHT = 280;
    private static final int LEGEND_LINE = 15;
    private static final int MOST_TICKS = 7;
    private static final int BAND_ALPHA = 0x30;
    private static final double DOT = 2.2;
    /** Points closer together than this need no dots of their own. */
    private static final int MOST_DOTS = 40;
    /** Distinct with every common kind of colour vision (Okabe and Ito). */
    private static final int[] COLORS = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0xd55e00, 0x56b4e9, 0x7a7a7a};

    private final Curve curve;
    private final ValueRange x;
    private final ValueRange y;
    private final Box plot;

    CurveDrawing(Curve curve) {
        this.curve = curve;
        this.x = ends(curve.lines().stream().flatMap(line -> line.x().stream()));
        this.y = ends(Stream.concat(
                Stream.of(0.0), curve.lines().stream().flatMap(line -> Stream.of(line.y(), line.lower(), line.upper())
                        .flatMap(List::stream))));
        int height = Math.max(LEAST_HEIGHT, curve.lines().size() * LEGEND_LINE);
        this.plot = new Box(LEFT, TOP, PLOT_WIDTH, height);
    }

    private static ValueRange ends(Stream<Double> numbers) {
        var known = numbers.mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .summaryStatistics();
        double low = known.getCount() == 0 ? 0 : known.getMin();
        double high = known.getCount() == 0 ? 1 : known.getMax();
        return new ValueRange(low, high > low ? high : low + 1);
    }

    @Override
    public double width() {
        double legend = curve.lines().stream()
                .mapToDouble(line -> TextStyle.PLAIN.width(line.name()))
                .max()
                .orElse(0);
        return Math.max(plot.right() + 44 + Math.max(60, legend), 30 + TextStyle.TITLE.width(curve.title()));
    }

    @Override
    public double height() {
        return plot.bottom() + 50;
    }

    @Override
    public void draw(Surface to) {
        page(to, curve.title(), words(curve.y()));
        scales(to);
        for (int i = 0; i < curve.lines().size(); i++) {
            Line line = curve.lines().get(i);
            int color = COLORS[i % COLORS.length];
            band(to, line, BAND_ALPHA << 24 | color);
            line(to, line, 0xff000000 | color);
            legend(to, i, 0xff000000 | color);
        }
    }

    private static String words(Quantity quantity) {
        return quantity.unit().isEmpty() ? quantity.name() : quantity.name() + " (" + quantity.unit() + ")";
    }

    private void scales(Surface to) {
        for (double tick : Ticks.of(y, MOST_TICKS)) {
            double at = place(0, tick).y();
            to.line(List.of(new Spot(plot.x(), at), new Spot(plot.right(), at)), new Pen(RULE, 0.8));
            to.text(Ticks.format(tick), new Spot(plot.x() - 6, at + 4), TextStyle.PLAIN.at(Anchor.END));
        }
        for (double tick : Ticks.of(x, MOST_TICKS)) {
            double at = place(tick, 0).x();
            to.line(List.of(new Spot(at, plot.bottom()), new Spot(at, plot.bottom() + 4)), new Pen(FAINT, 0.8));
            to.text(Ticks.format(tick), new Spot(at, plot.bottom() + 16), TextStyle.PLAIN.at(Anchor.MIDDLE));
        }
        to.frame(plot, new Pen(FAINT, 0.8));
        to.text(words(curve.x()), new Spot(plot.middle(), plot.bottom() + 36), TextStyle.PLAIN.at(Anchor.MIDDLE));
    }

    private Spot place(double px, double py) {
        return new Spot(
                plot.x() + (px - x.low()) / (x.high() - x.low()) * plot.width(),
                plot.bottom() - (py - y.low()) / (y.high() - y.low()) * plot.height());
    }

    private void legend(Surface to, int i, int color) {
        double at = plot.y() + LEGEND_LINE * i + 10;
        to.line(List.of(new Spot(plot.right() + 12, at - 4), new Spot(plot.right() + 28, at - 4)), new Pen(color, 2));
        to.text(curve.lines().get(i).name(), new Spot(plot.right() + 33, at), TextStyle.PLAIN);
    }

    /** Numbers that are missing leave a gap. */
    private void line(Surface to, Line line, int color) {
        List<Spot> stretch = new ArrayList<>();
        for (int i = 0; i <= line.x().size(); i++) {
            if (i < line.x().size() && Double.isFinite(line.y().get(i))) {
                stretch.add(place(line.x().get(i), line.y().get(i)));
                if (line.x().size() <= MOST_DOTS) {
                    dot(to, stretch.get(stretch.size() - 1), color);
                }
            } else {
                if (stretch.size() > 1) {
                    to.line(stretch, new Pen(color, 1.6));
                }
                stretch = new ArrayList<>();
            }
        }
    }

    private static void dot(Surface to, Spot at, int color) {
        List<Spot> round = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            double angle = Math.PI / 4 * i;
            round.add(new Spot(at.x() + DOT * Math.cos(angle), at.y() + DOT * Math.sin(angle)));
        }
        to.area(round, color);
    }

    private void band(Surface to, Line line, int color) {
        for (int from = 0; from < line.lower().size(); from++) {
            int end = from;
            List<Spot> edge = new ArrayList<>();
            while (end < line.lower().size() && known(line, end)) {
                edge.add(end - from, place(line.x().get(end), line.lower().get(end)));
                edge.add(end - from + 1, place(line.x().get(end), line.upper().get(end)));
                end++;
            }
            if (end - from > 1) {
                to.area(edge, color);
            }
            from = end;
        }
    }

    private static boolean known(Line line, int i) {
        return Double.isFinite(line.lower().get(i))
                && Double.isFinite(line.upper().get(i));
    }
}
