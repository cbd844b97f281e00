package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;

/** Phi 1 to 2: attention and MLP read one shared norm, half of each head rotates, biases everywhere. */
public final class PhiFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("phi");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        c.refuse("qk_layernorm");
        Dims dims = HfDims.of(c);
        return ConfigDraft.layerNorm(
                        "phi", dims, c.optionalNumber("layer_norm_eps").orElse(1e-5))
                .arrangement(BlockSpec.Arrangement.PARALLEL)
                .rope(HfRope.of(c, dims, 0.5))
                .mlp(Activation.of(c.text("hidden_act").orElse("gelu_new")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.attention(block.in("self_attn"), "dense", Bias.YES, Bias.YES),
                        parts.plainMlp(block, "fc1", "fc2", Bias.YES),
                        BlockNorms.shared(
                                block, "input_layernorm", config.dims().dModel())),
                model -> model.layerNorm("final_layernorm", config.dims().dModel()),
                Bias.YES);
    }
}
