package org.headscope.app.control.color;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {
    @Test
    void ticksAreRoundAndHoldZero() {
        assertThat(Ticks.of(new ValueRange(-1.7, 1.7), 5)).containsExactly(-1.0, 0.0, 1.0);
    }

    @Test
    void endsThatAreRoundAreTicks() {
        assertThat(Ticks.of(new ValueRange(0, 1), 5)).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
    }

    @ParameterizedTest
    @CsvSource({"0, 3e-9, 4", "-7e5, 2e5, 6", "0.999, 1.001, 3", "-1, 1, 2"})
    void neverMoreTicksThanAskedFor(double low, double high, int most) {
        assertThat(Ticks.of(new ValueRange(low, high), most)).hasSizeBetween(1, most);
    }

    @Test
    void tinyRangesHaveTinySteps() {
        assertThat(Ticks.of(new ValueRange(0, 4e-7), 5).get(1)).isCloseTo(1e-7, Offset.offset(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "-1.25, −1.25",
        "0.031249, 0.0312",
        "12345, 12345",
        "123456, 1.2e5",
        "3.1e-7, 3.1e−7",
        "NaN, –",
        "0.5, 0.5",
        "100, 100",
        "-0.0001, −0.0001",
        "1e100, 1.0e100"
    })
    void numbersAreWrittenShortly(double value, String text) {
        assertThat(Ticks.format(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"-0.0634, 1.25, −0.06", "0.98, 1.25, 0.98", "-0.001, 1.25, 0", "0.0123, 0.03, 0.012", "31.4, 50, 31.4"})
    void briefNumbersHaveTheDecimalsOfTheirScale(double value, double extent, String text) {
        assertThat(Ticks.brief(value, extent)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.5, +0.5", "-0.5, −0.5", "0, 0", "3.1e-7, +3.1e−7", "NaN, –"})
    void numbersAboveZeroHaveASignWhereItMatters(double value, String text) {
        assertThat(Ticks.signed(value)).isEqualTo(text);
    }

    @Test
    void rangeAroundNumbersLeavesRoomAtBothEnds() {
        assertThat(ValueRange.around(DoubleStream.of(3, 1, 2))).isEqualTo(new ValueRange(0.9, 3.1));
        assertThat(ValueRange.around(DoubleStream.of(-4))).isEqualTo(new ValueRange(-4.2, -3.8));
        assertThat(ValueRange.around(DoubleStream.of(0))).isEqualTo(new ValueRange(-0.05, 0.05));
        assertThat(ValueRange.around(DoubleStream.empty())).isEqualTo(new ValueRange(-0.05, 1.05));
    }
}
