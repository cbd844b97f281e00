package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.ModelWeights;

/** Falcon: 7B (one key-value head, one shared norm), 40B (grouped key-value heads, two norms in parallel) and RW (linear position biases, sequential). */
public final class FalconFamily implements FamilyAdapter {
    /** What files that give no length were trained on. */
    private static final int USUAL_CONTEXT = 2048;

    @Override
    public Set<String> modelTypes() {
        return Set.of("falcon");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        c.refuse("apply_residual_connection_post_layernorm");
        int context = c.optionalInteger("max_position_embeddings").orElse(USUAL_CONTEXT);
        Dims dims = HfDims.of(c, context, kvHeads(c));
        ConfigDraft draft = ConfigDraft.layerNorm(
                        "falcon", dims, c.optionalNumber("layer_norm_epsilon").orElse(1e-5))
                .arrangement(parallel(c) ? BlockSpec.Arrangement.PARALLEL : BlockSpec.Arrangement.SEQUENTIAL)
                .mlp(Activation.of(c.text("activation").orElse("gelu")))
                .tied(c.flag(true, "tie_word_embeddings"));
        return c.flag(false, "alibi")
                ? draft.alibi(AttentionSpec.Alibi.SCALED_BF16).build()
                : draft.rope(HfRope.of(c, dims)).build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        HfConfig c = HfConfig.of(raw);
        Bias bias = Bias.of(c.flag(false, "bias"));
        GptParts parts = new GptParts(TensorScope.root(tensors), TensorScope.below(tensors, "transformer."), config);
        EmbedWeights embed = parts.embed("word_embeddings", null, 0);
        List<BlockWeights> blocks = Layers.read(
                parts.model().in("h"),
                config.dims(),
                block -> new BlockWeights(
                        parts.fusedAttention(block.in("self_attention"), bias),
                        parts.mlp(block.in("mlp"), "dense_h_to_4h", "dense_4h_to_h", bias),
                        norms(c, parts, block)));
        return new ModelWeights(embed, blocks, parts.unembed(embed, "ln_f", "lm_head", Bias.NO));
    }

    private static BlockWeights.Norms norms(HfConfig c, GptParts parts, TensorScope block) {
        if (!parallel(c)) {
            return parts.norms(block, "input_layernorm", "post_attention_layernorm");
        }
        int count = c.optionalInteger("num_ln_in_parallel_attn").orElse(grouped(c) ? 2 : 1);
        return count == 2
                ? parts.norms(block, "ln_attn", "ln_mlp")
                : BlockNorms.shared(
                        block, "input_layernorm", parts.config().dims().dModel());
    }

    private static int kvHeads(HfConfig c) {
        if (grouped(c)) {
            return c.optionalInteger("num_kv_heads", "n_head_kv").orElseGet(() -> HfDims.heads(c));
        }
        return c.flag(true, "multi_query") ? 1 : HfDims.heads(c);
    }

    private static boolean grouped(HfConfig c) {
        return c.flag(false, "new_decoder_architecture");
    }

    private static boolean parallel(HfConfig c) {
        return grouped(c) || c.flag(true, "parallel_attn");
    }
}
