package org.headscope.app.control.color;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Turns a fraction into a colour. Maps are computed from a handful of control points, joined by smooth curves in OKLab.
 * All of them stay readable with the common kinds of colour blindness: the sequential ones carry their order in
 * lightness, the diverging ones use blue against red-orange with equal lightness at equal distance from the middle.
 */
public enum ColorMap {
    /** Dark violet over teal to yellow. */
    VIRIDIS(ofRgb(0x440154, 0x3d4f8a, 0x21908d, 0x5dc863, 0xfde724)),
    /** Dark blue over grey to yellow, the safest for every kind of colour vision. */
    CIVIDIS(ofRgb(0x00224d, 0x404c6b, 0x7c7b78, 0xbbad6d, 0xfee838)),
    /** Red below, white in the middle, blue above: for light surfaces. */
    DIVERGING(diverging(new double[] {0.36, 0.50, 0.68, 0.85, 0.968}, new double[] {0.115, 0.165, 0.135, 0.065, 0.0})),
    /** Red below, near-black in the middle, blue above: for dark surfaces. */
    DIVERGING_DARK(
            diverging(new double[] {0.83, 0.70, 0.56, 0.41, 0.27}, new double[] {0.085, 0.13, 0.13, 0.085, 0.0}));

    private static final int SIZE = 512;
    private static final double BLUE_HUE = 250;
    private static final double RED_HUE = 34;
    private final int[] table = new int[SIZE];

    ColorMap(OkLab[] points) {
        MonotoneCurve lightness = curve(points, Channel.LIGHTNESS);
        MonotoneCurve a = curve(points, Channel.A);
        MonotoneCurve b = curve(points, Channel.B);
        for (int i = 0; i < table.length; i++) {
            double t = i / (double) (table.length - 1);
            table[i] = new OkLab(lightness.at(t), a.at(t), b.at(t)).toArgb();
        }
    }

    /**
     * Looks a colour up.
     *
     * @param fraction 0 for the low end to 1 for the high one; clamped
     * @return opaque ARGB
     */
    public int argb(double fraction) {
        double clamped = Math.max(0, Math.min(1, fraction));
        return table[(int) (clamped * (table.length - 1) + 0.5)];
    }

    private enum Channel {
        LIGHTNESS,
        A,
        B
    }

    private static MonotoneCurve curve(OkLab[] points, Channel channel) {
        return new MonotoneCurve(Stream.of(points)
                .flatMapToDouble(point -> DoubleStream.of(
                        switch (channel) {
                            case LIGHTNESS -> point.lightness();
                            case A -> point.a();
                            case B -> point.b();
                        }))
                .toArray());
    }

    private static OkLab[] ofRgb(int... colors) {
        OkLab[] points = new OkLab[colors.length];
        for (int i = 0; i < colors.length; i++) {
            points[i] = OkLab.ofRgb(colors[i]);
        }
        return points;
    }

    /** Mirrors lightness and chroma, given from the end to the middle, about the middle. */
    private static OkLab[] diverging(double[] lightness, double[] chroma) {
        int half = lightness.length - 1;
        OkLab[] points = new OkLab[2 * half + 1];
        for (int i = 0; i <= half; i++) {
            points[i] = OkLab.polar(lightness[i], chroma[i], RED_HUE);
            points[2 * half - i] = OkLab.polar(lightness[i], chroma[i], BLUE_HUE);
        }
        return points;
    }
}
