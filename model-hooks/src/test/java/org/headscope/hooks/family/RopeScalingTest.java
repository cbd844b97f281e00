package org.headscope.hooks.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.RopeSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RopeScalingTest {
    private static final RopeScaling.Base BASE = new RopeScaling.Base(10_000, 8, false, 128);

    @Test
    void plainFrequenciesFallFromOneByAConstantFactor() {
        assertThat(RopeScaling.plain(BASE).inverseFrequencies()).containsExactly(1.0, 0.1, 0.01, 0.001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'rope_type': 'default'}", "{'type': 'dynamic', 'factor': 2}"})
    void kindsThatChangeNothingWithinTheContextArePlain(String scaling) {
        assertThat(of(scaling)).isEqualTo(RopeScaling.plain(BASE));
    }

    @Test
    void linearDividesEveryFrequency() {
        assertThat(of("{'type': 'linear', 'factor': 4}").inverseFrequencies())
                .containsExactly(0.25, 0.025, 0.0025, 0.00025);
    }

    /** Wavelengths 6.28, 62.8, 628, 6283 against an original length of 128: kept, blended, scaled, scaled. */
    @Test
    void llama3KeepsFastPairsScalesSlowOnesAndBlendsBetween() {
        RopeSpec rope = of("{'rope_type': 'llama3', 'factor': 8, 'low_freq_factor': 1, 'high_freq_factor': 4,"
                + " 'original_max_position_embeddings': 128}");

        double keep = (128 / (2 * Math.PI / 0.1) - 1) / 3;
        assertThat(rope.inverseFrequencies().get(0)).isEqualTo(1.0);
        assertThat(rope.inverseFrequencies().get(1)).isCloseTo((1 - keep) * 0.1 / 8 + keep * 0.1, within(1e-15));
        assertThat(rope.inverseFrequencies().subList(2, 4)).containsExactly(0.01 / 8, 0.001 / 8);
    }

    /** Worked out by hand: the ramp runs from pair 1.0 (one turn in 64 is pair 2.0) in whole pairs. */
    @Test
    void yarnRampsBetweenTheTwoTurnCountsAndRaisesTheMagnitude() {
        RopeSpec rope = of("{'rope_type': 'yarn', 'factor': 4, 'beta_fast': 8, 'beta_slow': 1,"
                + " 'original_max_position_embeddings': 64}");

        // 8 turns: 8 ln(64 / 16 pi) / (2 ln 1e4) = 0.105 -> 0; 1 turn: 8 ln(64 / 2 pi) / (2 ln 1e4) = 1.008 -> 2
        assertThat(rope.inverseFrequencies().get(0)).isEqualTo(1.0);
        assertThat(rope.inverseFrequencies().get(1)).isCloseTo(0.5 * 0.1 + 0.5 * 0.1 / 4, within(1e-15));
        assertThat(rope.inverseFrequencies().get(2)).isCloseTo(0.01 / 4, within(1e-15));
        assertThat(rope.inverseFrequencies().get(3)).isCloseTo(0.001 / 4, within(1e-15));
        assertThat(rope.factor()).isCloseTo(0.1 * Math.log(4) + 1, within(1e-15));
    }

    @Test
    void yarnTakesAGivenMagnitude() {
        assertThat(of("{'rope_type': 'yarn', 'factor': 4, 'attention_factor': 1.25}")
                        .factor())
                .isEqualTo(1.25);
    }

    @Test
    void unknownKindIsRefusedWithThoseThatAreKnown() {
        assertThatThrownBy(() -> of("{'rope_type': 'longrope'}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("longrope")
                .hasMessageContaining("yarn");
    }

    @Test
    void oddNumberOfRotaryDimensionsIsRefused() {
        assertThatThrownBy(() -> new RopeScaling.Base(10_000, 7, false, 128))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("7 rotary dimensions");
    }

    private static RopeSpec of(String json) {
        try {
            return RopeScaling.of(BASE, HfConfig.of(new ObjectMapper().readTree(json.replace('\'', '"'))));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
