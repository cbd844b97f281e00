package org.headscope.app.control.color;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColorMapTest {
    private static final int STEPS = 64;

    @ParameterizedTest
    @EnumSource(names = {"VIRIDIS", "CIVIDIS"})
    void sequentialMapsGrowLighterAllTheWay(ColorMap map) {
        for (int i = 1; i <= STEPS; i++) {
            assertThat(lightness(map, i)).as("step %d", i).isGreaterThan(lightness(map, i - 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"VIRIDIS, 0, 440154", "VIRIDIS, 1, fde724", "CIVIDIS, 0, 00224d", "CIVIDIS, 1, fee838"})
    void endsAreTheControlPoints(ColorMap map, double fraction, String rgb) {
        assertThat(Integer.toHexString(map.argb(fraction))).isEqualTo("ff" + rgb);
    }

    @ParameterizedTest
    @EnumSource(names = {"DIVERGING", "DIVERGING_DARK"})
    void divergingMapsAreEquallyLightAtEqualDistanceFromTheMiddle(ColorMap map) {
        for (int i = 0; i <= STEPS / 2; i++) {
            assertThat(lightness(map, i)).as("step %d", i).isCloseTo(lightness(map, STEPS - i), Offset.offset(0.02));
        }
    }

    @Test
    void middleOfTheLightDivergingMapIsNearlyWhite() {
        assertThat(OkLab.ofRgb(ColorMap.DIVERGING.argb(0.5)).lightness()).isGreaterThan(0.96);
    }

    @Test
    void middleOfTheDarkDivergingMapIsNearlyBlack() {
        assertThat(OkLab.ofRgb(ColorMap.DIVERGING_DARK.argb(0.5)).lightness()).isLessThan(0.3);
    }

    @ParameterizedTest
    @EnumSource(names = {"DIVERGING", "DIVERGING_DARK"})
    void middleOfDivergingMapsIsGrey(ColorMap map) {
        OkLab middle = OkLab.ofRgb(map.argb(0.5));

        assertThat(Math.hypot(middle.a(), middle.b())).isLessThan(0.01);
    }

    @ParameterizedTest
    @EnumSource(names = {"DIVERGING", "DIVERGING_DARK"})
    void positiveIsBlueAndNegativeIsRed(ColorMap map) {
        assertThat(OkLab.ofRgb(map.argb(0.8)).b()).isLessThan(-0.05);
        assertThat(OkLab.ofRgb(map.argb(0.2)).a()).isGreaterThan(0.05);
    }

    /** Red-blind and green-blind people see the sign only if the two sides differ in more than red against green. */
    @ParameterizedTest
    @CsvSource({"DIVERGING, true", "DIVERGING, false", "DIVERGING_DARK, true", "DIVERGING_DARK, false"})
    void signIsVisibleWithoutRedGreenVision(ColorMap map, boolean redBlind) {
        for (double distance : new double[] {0.25, 0.35, 0.45}) {
            OkLab below = ColorVision.seen(map.argb(0.5 - distance), redBlind);
            OkLab above = ColorVision.seen(map.argb(0.5 + distance), redBlind);

            assertThat(ColorVision.distance(below, above)).as("at %s", distance).isGreaterThan(0.1);
        }
    }

    @ParameterizedTest
    @CsvSource({"VIRIDIS, true", "VIRIDIS, false", "CIVIDIS, true", "CIVIDIS, false"})
    void sequentialStepsAreVisibleWithoutRedGreenVision(ColorMap map, boolean redBlind) {
        for (int i = 1; i <= 8; i++) {
            OkLab before = ColorVision.seen(map.argb((i - 1) / 8.0), redBlind);
            OkLab after = ColorVision.seen(map.argb(i / 8.0), redBlind);

            assertThat(ColorVision.distance(before, after)).as("step %d", i).isGreaterThan(0.04);
        }
    }

    @ParameterizedTest
    @CsvSource({"-3, 0", "7, 1"})
    void fractionsOutsideAreClamped(double outside, double end) {
        assertThat(ColorMap.VIRIDIS.argb(outside)).isEqualTo(ColorMap.VIRIDIS.argb(end));
    }

    private static double lightness(ColorMap map, int step) {
        return OkLab.ofRgb(map.argb(step / (double) STEPS)).lightness();
    }
}
