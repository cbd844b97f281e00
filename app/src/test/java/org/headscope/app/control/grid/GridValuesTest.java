package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GridValuesTest {
    @Test
    void missingGridHasNoExtremes() {
        GridValues values = GridValues.missing(2, 2);

        assertThat(values.smallest()).isNaN();
        assertThat(values.largest()).isNaN();
    }

    @Test
    void raggedRowsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GridValues.of(new float[][] {{1, 2}, {3}}))
                .withMessageContaining("row 1 has 1 columns");
    }

    @Test
    void infiniteNumbersDoNotStretchTheScale() {
        GridValues values = GridValues.of(new float[][] {{Float.NEGATIVE_INFINITY, 2, -3}});

        assertThat(values.smallest()).isEqualTo(-3);
    }

    @Test
    void extremesStayRightWhileCellsChange() {
        Random random = new Random(11);
        GridValues values = GridValues.missing(4, 5);
        float[] plain = new float[20];
        Arrays.fill(plain, Float.NaN);
        for (int change = 0; change < 2000; change++) {
            int cell = random.nextInt(20);
            plain[cell] = random.nextInt(6) == 0 ? Float.NaN : random.nextInt(50) - 25;
            values.set(cell / 5, cell % 5, plain[cell]);

            assertThat(values.smallest()).as("change %d", change).isEqualTo(extreme(plain, -1));
            assertThat(values.largest()).as("change %d", change).isEqualTo(extreme(plain, 1));
        }
    }

    @Test
    void strongestIsTheNumberFarthestFromZero() {
        GridValues values = GridValues.of(new float[][] {{1, Float.NaN}, {-4, 3}});

        assertThat(values.strongest(0, 2, 0, 2)).isEqualTo(-4);
    }

    private static double extreme(float[] cells, int sign) {
        double best = Double.NaN;
        for (float cell : cells) {
            if (!Float.isNaN(cell) && !(sign * cell <= sign * best)) {
                best = cell;
            }
        }
        return best;
    }
}
