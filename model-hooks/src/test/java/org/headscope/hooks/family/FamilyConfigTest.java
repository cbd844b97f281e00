package org.headscope.hooks.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What configurations mean where the reference checkpoints do not tell. */
class FamilyConfigTest {
    private static final String SMALL_LLAMA = "'hidden_size': 8, 'num_attention_heads': 2, 'num_hidden_layers': 4,"
            + " 'vocab_size': 9, 'max_position_embeddings': 32, 'intermediate_size': 6";
    private static final String SMALL_GPT =
            "'n_embd': 8, 'n_head': 2, 'n_layer': 2, 'vocab_size': 9, 'n_positions': 32";

    @Test
    void realGpt2SmallIsReadFromItsPublishedConfiguration() {
        ModelConfig config = read("{'model_type': 'gpt2', 'activation_function': 'gelu_new', 'n_ctx': 1024,"
                + " 'n_embd': 768, 'n_head': 12, 'n_layer': 12, 'n_positions': 1024, 'vocab_size': 50257,"
                + " 'layer_norm_epsilon': 1e-05}");

        assertThat(config.dims())
                .isEqualTo(new org.headscope.hooks.config.Dims(12, 12, 12, 768, 64, 3072, 1024, 50257));
        assertThat(config.unembed().tied()).isTrue();
        assertThat(config.attention().layers().get(11).scale()).isEqualTo(0.125);
    }

    @Test
    void qwenSlidesOnlyFromTheLayerThatIsGiven() {
        ModelConfig config = read("{'model_type': 'qwen2', " + SMALL_LLAMA
                + ", 'use_sliding_window': true, 'sliding_window': 5, 'max_window_layers': 3}");

        assertThat(windows(config)).containsExactly(0, 0, 0, 5);
    }

    @Test
    void qwenDoesNotSlideUnlessToldTo() {
        ModelConfig config = read("{'model_type': 'qwen2', " + SMALL_LLAMA
                + ", 'use_sliding_window': false, 'sliding_window': 5, 'max_window_layers': 0}");

        assertThat(windows(config)).containsOnly(0);
    }

    @Test
    void mistralWithoutWindowSeesEverything() {
        assertThat(windows(read("{'model_type': 'mistral', " + SMALL_LLAMA + ", 'sliding_window': null}")))
                .containsOnly(0);
    }

    @Test
    void gemma2HasItsReleasedSoftCapsWhenTheFileIsSilentAndNoneWhenItSaysNull() {
        ModelConfig silent = read("{'model_type': 'gemma2', " + SMALL_LLAMA + ", 'head_dim': 4}");
        ModelConfig off = read("{'model_type': 'gemma2', " + SMALL_LLAMA
                + ", 'head_dim': 4, 'attn_logit_softcapping': null, 'final_logit_softcapping': null}");

        assertThat(List.of(silent.attention().softcap(), silent.unembed().softcap()))
                .containsExactly(50.0, 30.0);
        assertThat(off.attention().softcap()).isNull();
        assertThat(off.unembed().softcap()).isNull();
    }

    @Test
    void parallelStableLmIsRecognised() {
        ModelConfig config = read("{'model_type': 'stablelm', " + SMALL_LLAMA + ", 'use_parallel_residual': true,"
                + " 'partial_rotary_factor': 0.5}");

        assertThat(config.block().arrangement()).isEqualTo(Arrangement.PARALLEL);
    }

    @Test
    void headsThatDoNotDivideTheWidthAreRefused() {
        assertThatThrownBy(() -> read("{'model_type': 'gpt2', 'n_embd': 8, 'n_head': 3, 'n_layer': 2,"
                        + " 'vocab_size': 9, 'n_positions': 32}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("width of 8")
                .hasMessageContaining("3 heads");
    }

    @ParameterizedTest
    @CsvSource({"n_layer, 2000000000", "n_layer, 0", "n_embd, -8", "vocab_size, 0"})
    void impossibleSizesAreRefused(String name, int value) {
        String config = "{'model_type': 'gpt2', "
                + SMALL_GPT.replaceAll("'" + name + "': \\d+", "'" + name + "': " + value) + "}";

        assertThatThrownBy(() -> read(config)).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    gpt2        | 'add_cross_attention': true                       | add_cross_attention
                    phi         | 'qk_layernorm': true                              | qk_layernorm
                    stablelm    | 'qk_layernorm': true                              | qk_layernorm
                    bloom       | 'apply_residual_connection_post_layernorm': true  | post_layernorm
                    gemma3_text | 'use_bidirectional_attention': true               | bidirectional
                    bert        | 'position_embedding_type': 'relative_key'         | relative_key
                    llama       | 'hidden_act': 'mish'                              | mish
                    llama       | 'rope_scaling': {'rope_type': 'longrope'}         | longrope
                    mistral     | 'layer_types': ['chunked_attention']              | 'layer_types' lists 1
                    gpt_neo     | 'attention_layers': ['global']                    | describe 1 layers
                    phi         | 'partial_rotary_factor': 2.0                      | 8 dimensions of each head
                    mistral     | 'sliding_window': -3                              | window -3
                    gptj        | 'rotary_dim': 5                                   | 5 rotary dimensions
                    """)
    void whatWouldBeComputedWronglyIsRefused(String type, String setting, String reason) {
        assertThatThrownBy(() -> read("{'model_type': '" + type + "', " + SMALL_LLAMA + ", " + setting + "}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("config.json")
                .hasMessageContaining(reason);
    }

    private static List<Integer> windows(ModelConfig config) {
        return config.attention().layers().stream().map(LayerAttention::window).toList();
    }

    private static ModelConfig read(String json) {
        try {
            JsonNode node = new ObjectMapper().readTree(json.replace('\'', '"'));
            return FamilyRegistry.standard().require(node).config(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
