package org.headscope.app.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Curve.Line;
import org.headscope.app.control.color.ValueRange;

/** Lines over a common axis, with their bands. */
final class CurveDrawing implements Drawing {
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int PLOT_WIDTH = 560;
    private static final int LEAST_HEIGHT = 280;
    private static final int LEGEND_LINE = 15;
    private static final int BAND_ALPHA = 0x30;
    private static final double DOT = 2.2;
    /** Points closer together than this need no dots of their own. */
    private static final int MOST_DOTS = 40;

    private final Curve curve;
    private final Axes axes;
    private final Box plot;

    CurveDrawing(Curve curve) {
        this.curve = curve;
        ValueRange x = ends(curve.lines().stream().flatMap(line -> line.x().stream()));
        ValueRange y = ends(Stream.concat(
                Stream.of(0.0), curve.lines().stream().flatMap(line -> Stream.of(line.y(), line.lower(), line.upper())
                        .flatMap(List::stream))));
        int height = Math.max(LEAST_HEIGHT, curve.lines().size() * LEGEND_LINE);
        this.plot = new Box(LEFT, TOP, PLOT_WIDTH, height);
        this.axes = new Axes(plot, x, y);
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
        page(to, curve.title(), Labels.of(curve.y()));
        axes.draw(to, Labels.of(curve.x()));
        for (int i = 0; i < curve.lines().size(); i++) {
            Line line = curve.lines().get(i);
            int color = Palette.of(i);
            band(to, line, Palette.thin(color, BAND_ALPHA));
            line(to, line, color);
            legend(to, i, color);
        }
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
                stretch.add(axes.place(line.x().get(i), line.y().get(i)));
                if (line.x().size() <= MOST_DOTS) {
                    to.area(stretch.get(stretch.size() - 1).around(DOT, 8), color);
                }
            } else {
                if (stretch.size() > 1) {
                    to.line(stretch, new Pen(color, 1.6));
                }
                stretch = new ArrayList<>();
            }
        }
    }

    private void band(Surface to, Line line, int color) {
        for (int from = 0; from < line.lower().size(); from++) {
            int end = from;
            List<Spot> edge = new ArrayList<>();
            while (end < line.lower().size() && known(line, end)) {
                edge.add(end - from, axes.place(line.x().get(end), line.lower().get(end)));
                edge.add(
                        end - from + 1,
                        axes.place(line.x().get(end), line.upper().get(end)));
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
