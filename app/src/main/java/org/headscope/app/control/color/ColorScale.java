package org.headscope.app.control.color;

import javafx.scene.paint.Color;

/**
 * Colours for numbers: a map stretched over a range.
 *
 * @param map the colours
 * @param range the numbers
 */
public record ColorScale(ColorMap map, ValueRange range) {
    private static final double EQUAL_CONTRAST = 0.179;

    /** @return opaque ARGB, or 0, which is transparent, for NaN: a number that does not exist yet */
    public int argb(double value) {
        return Double.isNaN(value) ? 0 : map.argb(range.fraction(value));
    }

    /** @return the colour of a number as a paint */
    public Color color(double value) {
        int argb = argb(value);
        return Color.rgb(argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff, (argb >>> 24) / 255.0);
    }

    /** @return black or white, whichever is read better on the colour of the number */
    public Color textColor(double value) {
        int argb = argb(value);
        double luminance = 0.2126 * OkLab.toLinear(argb >> 16 & 0xff)
                + 0.7152 * OkLab.toLinear(argb >> 8 & 0xff)
                + 0.0722 * OkLab.toLinear(argb & 0xff);
        return luminance > EQUAL_CONTRAST ? Color.web("#14181d") : Color.WHITE;
    }
}
