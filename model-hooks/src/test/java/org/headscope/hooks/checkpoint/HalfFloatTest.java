package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatTest {
    @ParameterizedTest
    @CsvSource({
        "0000, 0",
        "8000, -0.0",
        "3C00, 1",
        "C000, -2",
        "7BFF, 65504",
        "0400, 0.00006103515625",
        "0001, 5.9604645E-8",
        "03FF, 6.097555E-5",
        "7C00, Infinity",
        "FC00, -Infinity",
        "7E00, NaN",
        "3555, 0.33325195"
    })
    void sixteenBitsMeanWhatTheStandardSays(String bits, float expected) {
        assertThat(HalfFloat.fromF16((short) Integer.parseInt(bits, 16))).isEqualTo(Float.valueOf(expected));
    }

    @Test
    void everyF16SurvivesTheWayThroughFloat32() {
        for (int bits = 0; bits <= 0xFFFF; bits++) {
            float value = HalfFloat.fromF16((short) bits);
            if (!Float.isNaN(value) && HalfFloat.toF16(value) != (short) bits) {
                assertThat(Integer.toHexString(HalfFloat.toF16(value) & 0xFFFF)).isEqualTo(Integer.toHexString(bits));
            }
        }
    }

    @Test
    void everyBf16SurvivesTheWayThroughFloat32() {
        for (int bits = 0; bits <= 0xFFFF; bits++) {
            float value = HalfFloat.fromBf16((short) bits);
            if (!Float.isNaN(value) && HalfFloat.toBf16(value) != (short) bits) {
                assertThat(Integer.toHexString(HalfFloat.toBf16(value) & 0xFFFF))
                        .isEqualTo(Integer.toHexString(bits));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.00048828125, 3C00", // halfway between 1 and the next: to the even one below
        "1.00146484375, 3C02", // halfway, the even one is above
        "65519.996, 7BFF",
        "65520, 7C00",
        "1e9, 7C00",
        "-1e9, FC00",
        "2.9802322E-8, 0000",
        "2.980233E-8, 0001",
        "-1e-10, 8000",
        "6.1035156E-5, 0400",
        "6.103e-5, 0400",
        "NaN, 7E00"
    })
    void floatsRoundToTheNearestF16(float value, String bits) {
        assertThat(HalfFloat.toF16(value)).isEqualTo((short) Integer.parseInt(bits, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "1.00390625, 3F80",
        "1.01171875, 3F82",
        "3.4028235E38, 7F80",
        "-3.4028235E38, FF80",
        "1e-45, 0000",
        "NaN, 7FC0"
    })
    void floatsRoundToTheNearestBf16(float value, String bits) {
        assertThat(HalfFloat.toBf16(value)).isEqualTo((short) Integer.parseInt(bits, 16));
    }
}
