package org.headscope.app.control.scatter;

import java.util.List;
import java.util.function.ToDoubleFunction;
import javafx.geometry.Point2D;
import org.headscope.app.control.color.ValueRange;

/**
 * Where points lie on the screen.
 *
 * @param left x of the left end of the plot
 * @param top y of its upper end
 * @param width its width
 * @param height its height
 * @param x numbers covered across
 * @param y numbers covered upwards
 */
record ScatterFrame(double left, double top, double width, double height, ValueRange x, ValueRange y) {
    /** Share of the range left free at both ends, so that no point lies on the edge. */
    private static final double MARGIN = 0.05;

    static ValueRange range(List<ScatterPoint> points, ToDoubleFunction<ScatterPoint> number) {
        double low = points.stream().mapToDouble(number).min().orElse(0);
        double high = points.stream().mapToDouble(number).max().orElse(1);
        double span = high > low ? high - low : Math.max(1e-9, Math.abs(high));
        return new ValueRange(low - MARGIN * span, high + MARGIN * span);
    }

    Point2D place(ScatterPoint point) {
        return new Point2D(acrossOf(point.x()), upOf(point.y()));
    }

    double acrossOf(double number) {
        return left + x.fraction(number) * width;
    }

    double upOf(double number) {
        return top + (1 - y.fraction(number)) * height;
    }

    double xAt(double across) {
        return x.at((across - left) / width);
    }

    double yAt(double up) {
        return y.at(1 - (up - top) / height);
    }

    double right() {
        return left + width;
    }

    double bottom() {
        return top + height;
    }
}
