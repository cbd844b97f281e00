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

/** OLMo 2: norms on the outputs of attention and MLP only; queries and keys normalised over all heads together. */
public final class Olmo2Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("olmo2");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        return ConfigDraft.rmsNorm(
                        "olmo2", dims, c.optionalNumber("rms_norm_eps").orElse(1e-5))
                .rope(HfRope.of(c, dims))
                .qkNorm(AttentionSpec.QkNorm.FULL_WIDTH)
                .gatedMlp(Activation.of(c.text("hidden_act").orElse("silu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Bias bias = Bias.of(HfConfig.of(raw).flag(false, "attention_bias"));
        Dims dims = config.dims();
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.normed(
                                parts.attention(block, bias),
                                block.load("self_attn.q_norm.weight", (long) dims.heads() * dims.dHead()),
                                block.load("self_attn.k_norm.weight", (long) dims.kvHeads() * dims.dHead())),
                        parts.gatedMlp(block, Bias.NO),
                        outputNorms(block, dims)),
                model -> model.rmsNorm("norm", config.dims().dModel()));
    }

    private static BlockWeights.Norms outputNorms(TensorScope block, Dims dims) {
        return new BlockWeights.Norms(
                null,
                null,
                block.rmsNorm("post_attention_layernorm", dims.dModel()),
                block.rmsNorm("post_feedforward_layernorm", dims.dModel()));
    }
}
