package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;

/** Gemma 2: soft caps on scores and logits, every other layer with a window. */
public final class Gemma2Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gemma2");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        return GemmaParts.config("gemma2", c, dims)
                .rope(HfRope.of(c, dims))
                .window(Windows.of(c, dims, layer -> layer % 2 == 0))
                .softcaps(
                        GemmaParts.softcap(c, "attn_logit_softcapping", 50.0),
                        GemmaParts.softcap(c, "final_logit_softcapping", 30.0))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Bias bias = Bias.of(HfConfig.of(raw).flag(false, "attention_bias"));
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.attention(block, bias),
                        parts.gatedMlp(block, Bias.NO),
                        GemmaParts.norms(block, config.dims())),
                model -> model.rmsNormPlusOne("norm", config.dims().dModel()));
    }
}
