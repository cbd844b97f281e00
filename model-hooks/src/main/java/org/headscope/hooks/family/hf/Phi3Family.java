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
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;

/** Phi-3: Llama with queries, keys and values in one projection, gate and up in another, and a window. */
public final class Phi3Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("phi3");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        return ConfigDraft.rmsNorm(
                        "phi3", dims, c.optionalNumber("rms_norm_eps").orElse(1e-5))
                .rope(HfRope.of(c, dims))
                .window(Windows.of(c, dims, layer -> true))
                .gatedMlp(Activation.of(c.text("hidden_act").orElse("silu")))
                .tied(c.flag(false, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Dims dims = config.dims();
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        FusedQkv.inPlainOrder(
                                block.linear("self_attn.qkv_proj", FusedQkv.width(dims), dims.dModel(), Bias.NO),
                                parts.out(block.in("self_attn"), "o_proj", Bias.NO),
                                dims),
                        mlp(block.in("mlp"), dims),
                        parts.rmsNorms(block)),
                model -> model.rmsNorm("norm", config.dims().dModel()));
    }

    private static MlpWeights mlp(TensorScope mlp, Dims dims) {
        Linear both = mlp.linear("gate_up_proj", 2L * dims.dMlp(), dims.dModel(), Bias.NO);
        List<Linear> gateAndUp = FusedQkv.split(both, dims.dMlp(), dims.dMlp());
        return new MlpWeights.Gated(
                gateAndUp.get(0), gateAndUp.get(1), mlp.linear("down_proj", dims.dModel(), dims.dMlp(), Bias.NO));
    }
}
