package org.headscope.hooks.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.headscope.hooks.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HfConfigTest {
    @Test
    void firstNameThatIsThereCounts() {
        HfConfig c = config("{'n_head': 12, 'num_heads': 3}");

        assertThat(c.integer("num_attention_heads", "n_head", "num_heads")).isEqualTo(12);
    }

    @Test
    void nullCountsAsAbsent() {
        HfConfig c = config("{'head_dim': null, 'd_head': 8}");

        assertThat(c.integer("head_dim", "d_head")).isEqualTo(8);
        assertThat(c.mentions("head_dim")).isTrue();
    }

    @Test
    void missingSettingIsNamedWithItsOtherSpellings() {
        assertThatThrownBy(() -> config("{}").integer("hidden_size", "n_embd"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("'hidden_size' is missing")
                .hasMessageContaining("n_embd");
    }

    @Test
    void nestedSettingIsNamedWithItsPath() {
        HfConfig rope = config("{'rope_scaling': {}}").object("rope_scaling").orElseThrow();

        assertThatThrownBy(() -> rope.number("factor")).hasMessageContaining("'rope_scaling.factor' is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'3'", "3.5", "true", "[3]", "99999999999"})
    void whatIsNoWholeNumberIsRefused(String value) {
        assertThatThrownBy(() -> config("{'n_layer': " + value + "}").integer("n_layer"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("n_layer")
                .hasMessageContaining("whole number");
    }

    @Test
    void wholeNumberWrittenAsFloatIsAccepted() {
        assertThat(config("{'window_size': 256.0}").integer("window_size")).isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1e-5'", "1e999", "{}"})
    void whatIsNoFiniteNumberIsRefused(String value) {
        assertThatThrownBy(() -> config("{'eps': " + value + "}").number("eps"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'eps'")
                .hasMessageContaining("finite number");
    }

    @Test
    void flagMustBeTrueOrFalse() {
        assertThatThrownBy(() -> config("{'bias': 'yes'}").flag(false, "bias"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'bias' is \"yes\" but should be true or false");
    }

    @Test
    void unsupportedFeatureIsRefusedOnlyWhenItIsOn() {
        config("{'is_decoder': false}").refuse("is_decoder");

        assertThatThrownBy(() -> config("{'is_decoder': true}").refuse("is_decoder"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is_decoder");
    }

    @Test
    void longValuesAreCutInMessages() {
        assertThatThrownBy(
                        () -> config("{'n_layer': '" + "x".repeat(5000) + "'}").integer("n_layer"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    private static HfConfig config(String json) {
        try {
            return HfConfig.of(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
