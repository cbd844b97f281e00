package org.headscope.hooks.checkpoint;

/** The two 16-bit float formats, to and from 32 bits. */
final class HalfFloat {
    private static final float[] F16 = f16Table();

    private HalfFloat() {}

    static float fromF16(short bits) {
        return F16[bits & 0xFFFF];
    }

    static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to nearest, ties to even; too large becomes an infinity, NaN stays NaN. */
    static short toF16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7FFFFFFF;
        if (magnitude > 0x7F800000) {
            return (short) (sign | 0x7E00);
        }
        if (magnitude >= 0x47800000) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x38800000) {
            return (short) (sign | subnormalF16(value));
        }
        int rebased = magnitude - 0x38000000;
        return (short) (sign | roundShift(rebased, 13));
    }

    /** Rounds to nearest, ties to even; NaN stays NaN. */
    static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) roundShift(bits, 16);
    }

    /** Below 2^-14 a 16-bit float counts in steps of 2^-24, and rint rounds ties to even. */
    private static int subnormalF16(float value) {
        return (int) Math.rint(Math.abs(value) * 0x1p24);
    }

    private static int roundShift(int bits, int shift) {
        int half = 1 << (shift - 1);
        int odd = bits >>> shift & 1;
        return (bits + half - 1 + odd) >>> shift;
    }

    private static float[] f16Table() {
        float[] table = new float[1 << 16];
        for (int bits = 0; bits < table.length; bits++) {
            int exponent = bits >>> 10 & 0x1F;
            int fraction = bits & 0x3FF;
            float magnitude = magnitude(exponent, fraction);
            table[bits] = bits >>> 15 == 0 ? magnitude : -magnitude;
        }
        return table;
    }

    private static float magnitude(int exponent, int fraction) {
        if (exponent == 0x1F) {
            return fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        }
        return exponent == 0
                ? Math.scalb((float) fraction, -24)
                : Math.scalb((float) (fraction | 0x400), exponent - 25);
    }
}
