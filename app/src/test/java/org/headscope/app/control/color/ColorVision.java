package org.headscope.app.control.color;

/** What people without red or without green receptors see (full-strength matrices of Machado et al., 2009). */
final class ColorVision {
    private static final double[][] RED_BLIND = {
        {0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}
    };
    private static final double[][] GREEN_BLIND = {
        {0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}
    };

    private ColorVision() {}

    static OkLab seen(int argb, boolean redBlind) {
        double[] linear = {
            OkLab.toLinear(argb >> 16 & 0xff), OkLab.toLinear(argb >> 8 & 0xff), OkLab.toLinear(argb & 0xff)
        };
        int rgb = 0;
        for (double[] row : redBlind ? RED_BLIND : GREEN_BLIND) {
            double value = row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2];
            rgb = rgb << 8 | toChannel(value);
        }
        return OkLab.ofRgb(rgb);
    }

    static double distance(OkLab one, OkLab other) {
        double lightness = one.lightness() - other.lightness();
        return Math.sqrt(lightness * lightness + Math.pow(one.a() - other.a(), 2) + Math.pow(one.b() - other.b(), 2));
    }

    private static int toChannel(double linear) {
        double clamped = Math.max(0, Math.min(1, linear));
        double value = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * Math.pow(clamped, 1 / 2.4) - 0.055;
        return (int) Math.round(255 * value);
    }
}
