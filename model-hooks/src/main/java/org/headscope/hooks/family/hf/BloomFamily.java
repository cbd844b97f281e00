package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.ModelWeights;

/** BLOOM: linear position biases, a norm on the embeddings, queries, keys and values fused per head. */
public final class BloomFamily implements FamilyAdapter {
    /** Linear biases have no last position; files that give no length were trained on this one. */
    private static final int USUAL_CONTEXT = 2048;

    @Override
    public Set<String> modelTypes() {
        return Set.of("bloom");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        c.refuse("apply_residual_connection_post_layernorm");
        int context = c.optionalInteger("seq_length").orElse(USUAL_CONTEXT);
        Dims dims = HfDims.of(c, context, HfDims.heads(c));
        return ConfigDraft.layerNorm(
                        "bloom", dims, c.optionalNumber("layer_norm_epsilon").orElse(1e-5))
                .alibi(AttentionSpec.Alibi.AFTER_SCALE)
                .mlp(Activation.GELU_TANH)
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Dims dims = config.dims();
        GptParts parts = new GptParts(TensorScope.root(tensors), TensorScope.below(tensors, "transformer."), config);
        EmbedWeights embed = new EmbedWeights(
                parts.model().load("word_embeddings.weight", dims.vocab(), dims.dModel()),
                null,
                null,
                parts.model().layerNorm("word_embeddings_layernorm", dims.dModel()),
                null);
        List<BlockWeights> blocks = Layers.read(
                parts.model().in("h"),
                dims,
                block -> new BlockWeights(
                        parts.fusedAttention(block.in("self_attention"), Bias.YES),
                        parts.mlp(block.in("mlp"), "dense_h_to_4h", "dense_4h_to_h", Bias.YES),
                        parts.norms(block, "input_layernorm", "post_attention_layernorm")));
        return new ModelWeights(embed, blocks, parts.unembed(embed, "ln_f", "lm_head", Bias.NO));
    }
}
