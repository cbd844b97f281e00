package org.headscope.app.picture;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * What pictures are drawn on: pixels, SVG or PDF. Units are those of the drawing, y grows downwards, colours are ARGB.
 * {@link Drawing#PAGE}, {@link Drawing#INK} and {@link Drawing#FAINT} are roles: a surface that lies on a page of another
 * colour may write them in colours of its own.
 */
interface Surface {
    /** Fills a rectangle. */
    void fill(Box box, int argb);

    /** Draws the outline of a rectangle. */
    default void frame(Box box, Pen pen) {
        line(
                List.of(
                        new Spot(box.x(), box.y()),
                        new Spot(box.right(), box.y()),
                        new Spot(box.right(), box.bottom()),
                        new Spot(box.x(), box.bottom()),
                        new Spot(box.x(), box.y())),
                pen);
    }

    /** Joins points. */
    void line(List<Spot> points, Pen pen);

    /** Fills what lies between points. */
    void area(List<Spot> points, int argb);

    /** Writes text with its baseline at a point. */
    void text(String text, Spot at, TextStyle style);

    /** Puts an image over a rectangle, each pixel with hard edges. */
    void image(BufferedImage image, Box box);
}
