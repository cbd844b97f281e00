package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.RopeScaling;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.ModelWeights;

/** GPT-J: interleaved rotary pairs, attention and MLP read one shared norm, a bias on the unembedding. */
public final class GptJFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gptj");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        int rotary = c.optionalInteger("rotary_dim").orElse(64);
        return ConfigDraft.layerNorm(
                        "gptj", dims, c.optionalNumber("layer_norm_epsilon").orElse(1e-5))
                .arrangement(BlockSpec.Arrangement.PARALLEL)
                .rope(RopeScaling.plain(new RopeScaling.Base(10_000, rotary, true, dims.context())))
                .mlp(Activation.of(c.text("activation_function").orElse("gelu_new")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Dims dims = config.dims();
        GptParts parts = new GptParts(TensorScope.root(tensors), TensorScope.below(tensors, "transformer."), config);
        EmbedWeights embed = parts.embed("wte", null, 0);
        List<BlockWeights> blocks = Layers.read(
                parts.model().in("h"),
                dims,
                block -> new BlockWeights(
                        parts.attention(block.in("attn"), Bias.NO, Bias.NO),
                        parts.mlp(block.in("mlp"), "fc_in", "fc_out", Bias.YES),
                        BlockNorms.shared(block, "ln_1", dims.dModel())));
        return new ModelWeights(embed, blocks, parts.unembed(embed, "ln_f", "lm_head", Bias.YES));
    }
}
