package org.headscope.app.control.color;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import javafx.scene.paint.Color;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColorScaleTest {
    @Test
    void missingNumberIsTransparent() {
        assertThat(scale(ScaleKind.DIVERGING, -1, 2).argb(Double.NaN)).isZero();
    }

    @Test
    void zeroIsNeutralHoweverLopsidedTheNumbers() {
        ColorScale scale = scale(ScaleKind.DIVERGING, -0.1, 8);

        assertThat(scale.argb(0)).isEqualTo(ColorMap.DIVERGING.argb(0.5));
    }

    @ParameterizedTest
    @CsvSource({
        "DIVERGING, -0.5, 2, -2, 2",
        "DIVERGING, -3, -1, -3, 3",
        "SEQUENTIAL, 2, 5, 0, 5",
        "SEQUENTIAL, -5, -2, -5, 0",
        "SEQUENTIAL, NaN, NaN, 0, 1",
        "DIVERGING, 0, 0, -1, 1"
    })
    void rangeAlwaysHoldsZero(ScaleKind kind, double smallest, double largest, double low, double high) {
        assertThat(ValueRange.containing(kind, smallest, largest)).isEqualTo(new ValueRange(low, high));
    }

    @Test
    void emptyRangeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ValueRange(2, 2));
    }

    @Test
    void textOnDarkColourIsWhite() {
        assertThat(scale(ScaleKind.SEQUENTIAL, 0, 1).textColor(0)).isEqualTo(Color.WHITE);
    }

    @Test
    void textOnLightColourIsDark() {
        assertThat(scale(ScaleKind.SEQUENTIAL, 0, 1).textColor(1).getBrightness())
                .isLessThan(0.2);
    }

    private static ColorScale scale(ScaleKind kind, double smallest, double largest) {
        return new ColorScale(kind.map(false), ValueRange.containing(kind, smallest, largest));
    }
}
