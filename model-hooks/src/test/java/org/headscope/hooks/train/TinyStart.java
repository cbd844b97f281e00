package org.headscope.hooks.train;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.SplittableRandom;

/** Models of a few hundred weights with all kinds of parameters, and values that leave none of them without effect. */
final class TinyStart {
    static final int VOCAB = 11;

    private static final String SIZES =
            """
             "vocab_size": 11, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 16,
             "bos_token_id": 0, "eos_token_id": 0,
            """;
    private static final String LLAMA =
            """
             "model_type": "llama", "rms_norm_eps": 1e-5, "hidden_act": "silu", "rope_theta": 10000.0,
             "tie_word_embeddings": false
            """;
    private static final String STARCODER =
            """
             "model_type": "starcoder2", "norm_epsilon": 1e-5, "hidden_act": "gelu", "rope_theta": 10000.0,
             "sliding_window": null, "use_bias": true, "tie_word_embeddings": true
            """;
    private static final String GPT2 =
            """
             {"model_type": "gpt2", "vocab_size": 11, "n_embd": 8, "n_layer": 1, "n_head": 2, "n_positions": 16,
              "n_ctx": 16, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new"}
            """;

    private TinyStart() {}

    static JsonNode llamaConfig() {
        return json("{" + SIZES + LLAMA + "}");
    }

    static JsonNode starcoderConfig() {
        return json("{" + SIZES + STARCODER + "}");
    }

    static JsonNode gpt2Config() {
        return json(GPT2);
    }

    /** RMSNorm, gated MLP with SiLU, an unembedding of its own, grouped heads, no biases. */
    static TrainableModel llama() {
        return TrainableModel.of(llamaConfig(), random(3));
    }

    /** LayerNorm, plain MLP with GELU, the embedding for an unembedding, grouped heads, biases. */
    static TrainableModel starcoder() {
        return TrainableModel.of(starcoderConfig(), random(4));
    }

    /** Matrices and biases around 0, gains around 1. */
    static StartValues random(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return (name, shape) -> {
            boolean gain = shape.length == 1 && name.endsWith("weight");
            float[] values = new float[(int) new Shape(shape).size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((gain ? 1 : 0) + 0.4 * random.nextGaussian());
            }
            return values;
        };
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
