package org.headscope.app.picture;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A point in drawing units.
 *
 * @param x to the right
 * @param y downwards
 */
record Spot(double x, double y) {
    /** Points evenly spaced on a circle round this one, the first to its right: many make a dot, four a diamond. */
    List<Spot> around(double radius, int count) {
        return IntStream.range(0, count)
                .mapToDouble(i -> 2 * Math.PI / count * i)
                .mapToObj(angle -> new Spot(x + radius * Math.cos(angle), y + radius * Math.sin(angle)))
                .toList();
    }
}
