package org.headscope.app.control.color;

/**
 * A smooth curve through evenly spaced points on [0, 1] that never swings beyond them (Fritsch and Carlson, 1980), so a
 * map whose control points grow lighter grows lighter everywhere.
 */
final class MonotoneCurve {
    private final double[] values;
    private final double[] slopes;

    MonotoneCurve(double... values) {
        this.values = values.clone();
        this.slopes = slopes(values);
    }

    double at(double fraction) {
        double x = Math.max(0, Math.min(1, fraction)) * (values.length - 1);
        int left = Math.min((int) x, values.length - 2);
        double t = x - left;
        double t2 = t * t;
        double t3 = t2 * t;
        return (2 * t3 - 3 * t2 + 1) * values[left]
                + (t3 - 2 * t2 + t) * slopes[left]
                + (3 * t2 - 2 * t3) * values[left + 1]
                + (t3 - t2) * slopes[left + 1];
    }

    private static double[] slopes(double[] values) {
        int last = values.length - 1;
        double[] slopes = new double[values.length];
        slopes[0] = values[1] - values[0];
        slopes[last] = values[last] - values[last - 1];
        for (int i = 1; i < last; i++) {
            double before = values[i] - values[i - 1];
            double after = values[i + 1] - values[i];
            slopes[i] = before * after <= 0 ? 0 : 2 * before * after / (before + after);
        }
        return slopes;
    }
}
