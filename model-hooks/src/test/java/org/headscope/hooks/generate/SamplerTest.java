package org.headscope.hooks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
    private static final int DRAWS = 20_000;

    /** Probabilities 0.1, 0.4, 0.2, 0.3 at temperature 1. */
    private static final float[] LOGITS = {
        (float) Math.log(1), (float) Math.log(4), (float) Math.log(2), (float) Math.log(3)
    };

    @Test
    void greedyTakesTheLikeliestToken() {
        assertThat(new Sampler(Sampling.GREEDY).next(LOGITS)).isEqualTo(1);
    }

    @Test
    void greedyTakesTheSmallerIdOnATie() {
        assertThat(new Sampler(Sampling.GREEDY).next(new float[] {1, 3, 3, 2})).isEqualTo(1);
    }

    @Test
    void tokensComeUpAsOftenAsTheyAreLikely() {
        assertThat(shares(Sampling.at(1, 3))).containsExactly(new double[] {0.1, 0.4, 0.2, 0.3}, within(0.02));
    }

    @Test
    void aHighTemperatureFlattensTheDistribution() {
        double root = 1 + 2 + Math.sqrt(2) + Math.sqrt(3);
        assertThat(shares(Sampling.at(2, 3)))
                .containsExactly(
                        new double[] {1 / root, 2 / root, Math.sqrt(2) / root, Math.sqrt(3) / root}, within(0.02));
    }

    @Test
    void topKKeepsTheLikeliestTokensOnly() {
        assertThat(shares(new Sampling(1, 2, 1, 3)))
                .containsExactly(new double[] {0, 4 / 7.0, 0, 3 / 7.0}, within(0.02));
    }

    @ParameterizedTest
    @CsvSource({"0.3, 1", "0.41, 2", "0.71, 3", "0.95, 4"})
    void topPKeepsAsManyTokensAsItTakes(double topP, int kept) {
        double[] shares = shares(new Sampling(1, 0, topP, 3));
        assertThat(Arrays.stream(shares).filter(share -> share > 0).count()).isEqualTo(kept);
    }

    @Test
    void equalSeedsDrawEqualTokens() {
        assertThat(shares(Sampling.at(1, 9))).isEqualTo(shares(Sampling.at(1, 9)));
    }

    @Test
    void logitsThatAreNoNumbersAreRefused() {
        Sampler sampler = new Sampler(Sampling.GREEDY);
        assertThatThrownBy(() -> sampler.next(new float[] {1, Float.NaN}))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("token 1");
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 1", "NaN, 0, 1", "1, -1, 1", "1, 0, 0", "1, 0, 1.1"})
    void settingsWithoutMeaningAreRefused(double temperature, int topK, double topP) {
        assertThatThrownBy(() -> new Sampling(temperature, topK, topP, 0)).isInstanceOf(HeadscopeException.class);
    }

    private static double[] shares(Sampling sampling) {
        Sampler sampler = new Sampler(sampling);
        double[] shares = new double[LOGITS.length];
        for (int i = 0; i < DRAWS; i++) {
            shares[sampler.next(LOGITS)] += 1.0 / DRAWS;
        }
        return shares;
    }
}
