package org.headscope.analysis.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    /** The second number is that of the example in the manual of scipy.stats.spearmanr. */
    @Test
    void tiesShareTheMeanOfTheirRanks() {
        assertThat(new RankCorrelation(new double[] {1, 2, 3}, new double[] {9, 4, 1}).rho())
                .isEqualTo(-1);
        assertThat(new RankCorrelation(new double[] {1, 2, 3, 4, 5}, new double[] {5, 6, 7, 8, 7}).rho())
                .isCloseTo(0.8207826816681233, within(1e-12));
        assertThat(new RankCorrelation(new double[] {2, 2, 2}, new double[] {1, 2, 3}).rho())
                .isNaN();
        assertThat(new RankCorrelation(new double[] {2, Double.NaN, 2}, new double[] {1, 2, 3}).rho())
                .isNaN();
    }

    /** Of the 24 orders of four things one is the same and none as good. */
    @Test
    void chanceIsTheShareOfShufflesThatAgreeAsWell() {
        double[] four = {1, 2, 3, 4};
        ControlTest test = new RankCorrelation(four, four).test(20_000, 1);

        assertThat(test.effect()).isCloseTo(1, within(1e-12));
        assertThat(test.p()).isCloseTo(1 / 24.0, within(0.005));
        assertThat(test.meanOfControls()).isCloseTo(0, within(0.02));
    }

    @Test
    void whatHasNoRanksIsRefused() {
        assertThatThrownBy(() -> new RankCorrelation(new double[] {1, 2}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 and 1");
    }
}
