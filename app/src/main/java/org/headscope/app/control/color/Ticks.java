package org.headscope.app.control.color;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Round numbers to write on a scale, and how to write numbers shortly. */
public final class Ticks {
    private static final double[] STEPS = {1, 2, 2.5, 5, 10};

    private Ticks() {}

    /**
     * Chooses evenly spaced round numbers inside a range; zero is among them when the range holds it.
     *
     * @param range the numbers covered
     * @param most how many there may be, at least 2
     */
    public static List<Double> of(ValueRange range, int most) {
        double step = step(range.high() - range.low(), most);
        List<Double> ticks = new ArrayList<>();
        double slack = step * 1e-9;
        for (long i = (long) Math.ceil((range.low() - slack) / step); i * step <= range.high() + slack; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /**
     * Writes a number with about three significant digits, for reading rather than for computing.
     *
     * @return such as {@code 0.0312}, {@code −1.25}, {@code 3.1e−7} or {@code –} for NaN
     */
    public static String format(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        String text;
        if (value == 0) {
            text = "0";
        } else if (size >= 1e5 || size < 1e-4) {
            text = String.format(Locale.ROOT, "%.1e", value)
                    .replace("e+0", "e")
                    .replace("e-0", "e-")
                    .replace("e+", "e");
        } else {
            int decimals = Math.max(0, Math.min(6, 2 - (int) Math.floor(Math.log10(size))));
            text = trimmed(String.format(Locale.ROOT, "%." + decimals + "f", value));
        }
        return text.replace('-', '−');
    }

    /** Writes a number as {@link #format} does, with its sign, however small. */
    public static String signed(double value) {
        return value > 0 ? "+" + format(value) : format(value);
    }

    /**
     * Writes a number with as many decimals as tell it apart from its neighbours on a scale, for places with little room.
     *
     * @param value the number
     * @param extent the largest size of a number on the scale, positive
     */
    public static String brief(double value, double extent) {
        int magnitude = (int) Math.floor(Math.log10(extent));
        int decimals = Math.max(0, Math.min(6, (extent >= 1 ? 2 : 1) - magnitude));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.matches("-?0\\.?0*") ? "0" : text.replace('-', '−');
    }

    private static double step(double span, int most) {
        double rough = span / Math.max(1, most - 1);
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : STEPS) {
            double step = factor * power;
            if (span / step <= most - 1 + 1e-9) {
                return step;
            }
        }
        return 10 * power;
    }

    private static String trimmed(String text) {
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }
}
