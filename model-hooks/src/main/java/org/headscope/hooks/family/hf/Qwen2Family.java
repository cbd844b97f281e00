package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;

/** Qwen 2: Llama with biases on queries, keys and values. The window counts only with {@code use_sliding_window}. */
public final class Qwen2Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("qwen2");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        boolean slides = c.flag(false, "use_sliding_window");
        int fullLayers = c.optionalInteger("max_window_layers").orElse(28);
        Dims dims = HfDims.of(c);
        return ConfigDraft.rmsNorm(
                        "qwen2", dims, c.optionalNumber("rms_norm_eps").orElse(1e-6))
                .rope(HfRope.of(c, dims))
                .window(Windows.of(c, dims, layer -> slides && layer >= fullLayers))
                .gatedMlp(Activation.of(c.text("hidden_act").orElse("silu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.attention(block.in("self_attn"), "o_proj", Bias.YES, Bias.NO),
                        parts.gatedMlp(block, Bias.NO),
                        parts.rmsNorms(block)),
                model -> model.rmsNorm("norm", config.dims().dModel()));
    }
}
