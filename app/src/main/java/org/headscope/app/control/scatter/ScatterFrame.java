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
    static ValueRange range(List<ScatterPoint> points, ToDoubleFunction<ScatterPoint> number) {
        return ValueRange.around(points.stream().mapToDouble(number));
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
