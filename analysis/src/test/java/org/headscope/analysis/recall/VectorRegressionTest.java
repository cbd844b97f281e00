package org.headscope.analysis.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorRegressionTest {
    private static final int CASES = 7;
    private static final int REGRESSORS = 3;
    private static final int WIDTH = 4;

    private static float number(int k) {
        return ((k * 37 + 11) % 23 - 11) / 8f;
    }

    private static float[][] regressors() {
        float[][] values = new float[REGRESSORS][CASES * WIDTH];
        for (int h = 0; h < REGRESSORS; h++) {
            for (int i = 0; i < CASES; i++) {
                for (int d = 0; d < WIDTH; d++) {
                    values[h][i * WIDTH + d] = number(1 + i * 100 + h * 17 + d * 5);
                }
            }
        }
        return values;
    }

    private static float[] target() {
        float[] values = new float[CASES * WIDTH];
        for (int i = 0; i < CASES; i++) {
            for (int d = 0; d < WIDTH; d++) {
                values[i * WIDTH + d] = number(3 + i * 29 + d * 13);
            }
        }
        return values;
    }

    /** Numbers of numpy.linalg.lstsq on centred data with rows sqrt(lambda) added for the ridge. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.07907348, 0.14456869, 0.08852503, 0.20419709, -0.16029828, 0.012326661270538275",
        "0.1, 0.05775363, 0.11580623, 0.06177222, 0.20156382, -0.15468791, 0.011752166706209044"
    })
    void agreesWithLeastSquaresOfAnotherProgram(
            double ridge, double first, double second, double third, double bias, double lastBias, double explained) {
        var regression = new VectorRegression(regressors(), target(), WIDTH);

        VectorRegression.Fit fit = regression.fit(ridge);

        assertThat(fit.weights()).containsExactly(new double[] {first, second, third}, within(1e-7));
        assertThat(fit.bias()[0]).isCloseTo(bias, within(1e-7));
        assertThat(fit.bias()[WIDTH - 1]).isCloseTo(lastBias, within(1e-7));
        assertThat(fit.explained(regressors(), target())).isCloseTo(explained, within(1e-7));
    }

    @Test
    void plantedWeightsAndBiasAreFoundExactly() {
        Random random = new Random(5);
        float[][] seen = new float[4][60 * WIDTH];
        float[] made = new float[60 * WIDTH];
        double[] weights = {-1, 0.5, 0, 2};
        double[] bias = {3, -1, 0, 7};
        for (int k = 0; k < made.length; k++) {
            made[k] = (float) bias[k % WIDTH];
            for (int h = 0; h < weights.length; h++) {
                seen[h][k] = (float) random.nextGaussian();
                made[k] += (float) (weights[h] * seen[h][k]);
            }
        }

        VectorRegression.Fit fit = new VectorRegression(seen, made, WIDTH).fit(0);

        assertThat(fit.weights()).containsExactly(weights, within(1e-6));
        assertThat(fit.bias()).containsExactly(bias, within(1e-6));
        assertThat(fit.explained(seen, made)).isCloseTo(1, within(1e-10));
    }

    @Test
    void casesTakenTwiceCountTwice() {
        int[] which = {0, 0, 3, 5, 6, 6, 6};
        float[][] repeated = new float[REGRESSORS][which.length * WIDTH];
        float[] target = new float[which.length * WIDTH];
        for (int i = 0; i < which.length; i++) {
            for (int h = 0; h < REGRESSORS; h++) {
                System.arraycopy(regressors()[h], which[i] * WIDTH, repeated[h], i * WIDTH, WIDTH);
            }
            System.arraycopy(target(), which[i] * WIDTH, target, i * WIDTH, WIDTH);
        }

        double[] expected =
                new VectorRegression(repeated, target, WIDTH).fit(0.01).weights();

        assertThat(new VectorRegression(regressors(), target(), WIDTH)
                        .fit(which, 0.01)
                        .weights())
                .containsExactly(expected, within(1e-9));
    }
}
