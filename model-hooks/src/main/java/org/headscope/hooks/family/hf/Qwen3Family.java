package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;

/** Qwen 3: Llama with queries and keys normalised per head. */
public final class Qwen3Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("qwen3");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        boolean slides = c.flag(false, "use_sliding_window");
        int fullLayers = c.optionalInteger("max_window_layers").orElse(28);
        Dims dims = HfDims.of(c);
        return ConfigDraft.rmsNorm(
                        "qwen3", dims, c.optionalNumber("rms_norm_eps").orElse(1e-6))
                .rope(HfRope.of(c, dims))
                .window(Windows.of(c, dims, layer -> slides && layer >= fullLayers))
                .qkNorm(AttentionSpec.QkNorm.PER_HEAD)
                .gatedMlp(Activation.of(c.text("hidden_act").orElse("silu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Bias bias = Bias.of(HfConfig.of(raw).flag(false, "attention_bias"));
        long head = config.dims().dHead();
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.normed(
                                parts.attention(block, bias),
                                block.load("self_attn.q_norm.weight", head),
                                block.load("self_attn.k_norm.weight", head)),
                        parts.gatedMlp(block, Bias.NO),
                        parts.rmsNorms(block)),
                model -> model.rmsNorm("norm", config.dims().dModel()));
    }
}
