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

/** Llama 1 to 3: RMSNorm, rotary positions, grouped-query attention, gated MLP. */
public final class LlamaFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("llama");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        return ConfigDraft.rmsNorm(
                        "llama", dims, c.optionalNumber("rms_norm_eps").orElse(1e-6))
                .rope(HfRope.of(c, dims))
                .gatedMlp(Activation.of(c.text("hidden_act").orElse("silu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        HfConfig c = HfConfig.of(raw);
        Bias attention = Bias.of(c.flag(false, "attention_bias"));
        Bias mlp = Bias.of(c.flag(false, "mlp_bias"));
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.attention(block, attention), parts.gatedMlp(block, mlp), parts.rmsNorms(block)),
                model -> model.rmsNorm("norm", config.dims().dModel()));
    }
}
