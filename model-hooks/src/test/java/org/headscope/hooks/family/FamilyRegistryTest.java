package org.headscope.hooks.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.headscope.hooks.checkpoint.CheckpointException;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.family.hf.Gpt2Family;
import org.junit.jupiter.api.Test;

class FamilyRegistryTest {
    @Test
    void knowsEveryFamilyThatIsPromised() {
        assertThat(FamilyRegistry.standard().modelTypes())
                .contains("gpt2", "gpt_neo", "gpt_neox", "gptj", "opt", "bloom", "falcon", "llama", "mistral", "qwen2")
                .contains("qwen3", "gemma2", "gemma3_text", "phi", "phi3", "olmo2", "stablelm", "starcoder2")
                .contains("bert", "roberta", "distilbert", "headscope");
    }

    @Test
    void unknownArchitectureIsRefusedWithThoseThatAreKnown() {
        var config = JsonNodeFactory.instance.objectNode().put("model_type", "mamba");

        assertThatThrownBy(() -> FamilyRegistry.standard().require(config))
                .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.kind())
                        .isEqualTo(CheckpointException.Kind.UNKNOWN_ARCHITECTURE))
                .hasMessageContaining("'mamba'")
                .hasMessageContaining("gpt_neox");
    }

    @Test
    void missingArchitectureIsRefused() {
        var config = JsonNodeFactory.instance.objectNode();

        assertThatThrownBy(() -> FamilyRegistry.standard().require(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("model_type");
    }

    @Test
    void twoAdaptersForOneArchitectureAreAProgrammingError() {
        List<FamilyAdapter> twice = List.of(new Gpt2Family(), new Gpt2Family());

        assertThatThrownBy(() -> new FamilyRegistry(twice)).isInstanceOf(IllegalArgumentException.class);
    }
}
