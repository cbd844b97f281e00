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

/** Mistral: Llama with a sliding window in every layer. */
public final class MistralFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("mistral");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        return ConfigDraft.rmsNorm(
                        "mistral", dims, c.optionalNumber("rms_norm_eps").orElse(1e-6))
                .rope(HfRope.of(c, dims))
                .window(Windows.of(c, dims, layer -> true))
                .gatedMlp(Activation.of(c.text("hidden_act").orElse("silu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.attention(block, Bias.NO), parts.gatedMlp(block, Bias.NO), parts.rmsNorms(block)),
                model -> model.rmsNorm("norm", config.dims().dModel()));
    }
}
