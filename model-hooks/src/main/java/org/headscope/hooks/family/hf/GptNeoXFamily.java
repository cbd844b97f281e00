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
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.ModelWeights;

/** GPT-NeoX and Pythia: queries, keys and values fused per head, partial rotary; attention and MLP in parallel with two norms, unless the file says otherwise. */
public final class GptNeoXFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt_neox");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        boolean parallel = c.flag(true, "use_parallel_residual");
        return ConfigDraft.layerNorm(
                        "gpt_neox", dims, c.optionalNumber("layer_norm_eps").orElse(1e-5))
                .arrangement(parallel ? BlockSpec.Arrangement.PARALLEL : BlockSpec.Arrangement.SEQUENTIAL)
                .rope(HfRope.of(c, dims, 0.25))
                .mlp(Activation.of(c.text("hidden_act").orElse("gelu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Bias bias = Bias.of(HfConfig.of(raw).flag(true, "attention_bias"));
        GptParts parts = new GptParts(TensorScope.root(tensors), TensorScope.below(tensors, "gpt_neox."), config);
        EmbedWeights embed = parts.embed("embed_in", null, 0);
        List<BlockWeights> blocks = Layers.read(
                parts.model().in("layers"),
                config.dims(),
                block -> new BlockWeights(
                        parts.fusedAttention(block.in("attention"), bias),
                        parts.mlp(block.in("mlp"), "dense_h_to_4h", "dense_4h_to_h", Bias.YES),
                        parts.norms(block, "input_layernorm", "post_attention_layernorm")));
        return new ModelWeights(embed, blocks, parts.unembed(embed, "final_layer_norm", "embed_out", Bias.NO));
    }
}
