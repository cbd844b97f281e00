package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;

/** StarCoder 2: the Llama block with LayerNorm, a plain MLP, biases and a window. */
public final class Starcoder2Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("starcoder2");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        return ConfigDraft.layerNorm(
                        "starcoder2", dims, c.optionalNumber("norm_epsilon").orElse(1e-5))
                .rope(HfRope.of(c, dims))
                .window(Windows.of(c, dims, layer -> true))
                .mlp(Activation.of(c.text("hidden_act").orElse("gelu_pytorch_tanh")))
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Bias bias = Bias.of(HfConfig.of(raw).flag(true, "use_bias"));
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.attention(block, bias),
                        parts.plainMlp(block, "c_fc", "c_proj", bias),
                        parts.layerNorms(block)),
                model -> model.layerNorm("norm", config.dims().dModel()));
    }
}
