package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;

/**
 * GPT-2: all projections of a block stored {@code [in, out]}, fused queries, keys and values, learned positions. The
 * Stanford CRFM variant divides the scores of a layer by its number counted from one.
 */
public final class Gpt2Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt2");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        c.refuse("add_cross_attention");
        Dims dims = HfDims.of(c);
        double usual = c.flag(true, "scale_attn_weights") ? 1 / Math.sqrt(dims.dHead()) : 1;
        boolean byLayer = c.flag(false, "scale_attn_by_inverse_layer_idx");
        return ConfigDraft.layerNorm(
                        "gpt2", dims, c.optionalNumber("layer_norm_epsilon").orElse(1e-5))
                .learnedPositions(0)
                .scalePerLayer(layer -> byLayer ? usual / (layer + 1) : usual)
                .mlp(Activation.of(c.text("activation_function").orElse("gelu_new")))
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Dims dims = config.dims();
        GptParts parts = new GptParts(TensorScope.root(tensors), TensorScope.below(tensors, "transformer."), config);
        EmbedWeights embed = parts.embed("wte", "wpe", dims.context());
        List<BlockWeights> blocks = Layers.read(parts.model().in("h"), dims, block -> block(parts, block));
        return new ModelWeights(embed, blocks, parts.unembed(embed, "ln_f", "lm_head", Bias.NO));
    }

    private static BlockWeights block(GptParts parts, TensorScope block) {
        Dims dims = parts.config().dims();
        return new BlockWeights(
                FusedQkv.inPlainOrder(
                        block.conv1d("attn.c_attn", FusedQkv.width(dims), dims.dModel()),
                        block.conv1d("attn.c_proj", dims.dModel(), (long) dims.heads() * dims.dHead()),
                        dims),
                new MlpWeights.Plain(
                        block.conv1d("mlp.c_fc", dims.dMlp(), dims.dModel()),
                        block.conv1d("mlp.c_proj", dims.dModel(), dims.dMlp())),
                parts.norms(block, "ln_1", "ln_2"));
    }
}
