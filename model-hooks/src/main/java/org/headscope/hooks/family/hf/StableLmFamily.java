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

/** StableLM: the Llama block with LayerNorm and a quarter of each head rotating; some sizes run attention and MLP in parallel. */
public final class StableLmFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("stablelm");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        c.refuse("qk_layernorm");
        Dims dims = HfDims.of(c);
        return ConfigDraft.layerNorm(
                        "stablelm", dims, c.optionalNumber("layer_norm_eps").orElse(1e-5))
                .arrangement(parallel(c) ? BlockSpec.Arrangement.PARALLEL : BlockSpec.Arrangement.SEQUENTIAL)
                .rope(HfRope.of(c, dims, 0.25))
                .gatedMlp(Activation.of(c.text("hidden_act").orElse("silu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        HfConfig c = HfConfig.of(raw);
        Bias qkv = Bias.of(c.flag(false, "use_qkv_bias"));
        boolean parallel = parallel(c);
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.attention(block.in("self_attn"), "o_proj", qkv, Bias.NO),
                        parts.gatedMlp(block, Bias.NO),
                        parallel
                                ? BlockNorms.shared(
                                        block, "input_layernorm", config.dims().dModel())
                                : parts.layerNorms(block)),
                model -> model.layerNorm("norm", config.dims().dModel()));
    }

    private static boolean parallel(HfConfig c) {
        return c.flag(false, "use_parallel_residual");
    }
}
