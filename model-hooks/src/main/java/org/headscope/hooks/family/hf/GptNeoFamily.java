package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.ModelWeights;

/** GPT-Neo: scores are not scaled, local and global layers alternate. */
public final class GptNeoFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt_neo");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        List<String> kinds = kinds(c, dims);
        int window = c.optionalInteger("window_size").orElse(256);
        return ConfigDraft.layerNorm(
                        "gpt_neo", dims, c.optionalNumber("layer_norm_epsilon").orElse(1e-5))
                .learnedPositions(0)
                .scale(1)
                .window(layer -> kinds.get(layer).equals("local") ? window : 0)
                .mlp(Activation.of(c.text("activation_function").orElse("gelu_new")))
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Dims dims = config.dims();
        GptParts parts = new GptParts(TensorScope.root(tensors), TensorScope.below(tensors, "transformer."), config);
        EmbedWeights embed = parts.embed("wte", "wpe", dims.context());
        List<BlockWeights> blocks = Layers.read(
                parts.model().in("h"),
                dims,
                block -> new BlockWeights(
                        parts.attention(block.in("attn.attention"), Bias.NO, Bias.YES),
                        parts.mlp(block.in("mlp"), "c_fc", "c_proj", Bias.YES),
                        parts.norms(block, "ln_1", "ln_2")));
        return new ModelWeights(embed, blocks, parts.unembed(embed, "ln_f", "lm_head", Bias.NO));
    }

    private static List<String> kinds(HfConfig c, Dims dims) {
        List<String> kinds = c.texts("attention_layers").orElseGet(() -> expand(c));
        if (kinds.size() != dims.layers()) {
            throw new ConfigException("config.json: the attention types describe " + kinds.size()
                    + " layers, but the model has " + dims.layers() + ".");
        }
        for (String kind : kinds) {
            if (!kind.equals("global") && !kind.equals("local")) {
                throw new ConfigException(
                        "config.json: attention type '" + kind + "' is not supported. Supported: global, local.");
            }
        }
        return kinds;
    }

    /** Writes {@code [[["global", "local"], 6]]} out in full. */
    private static List<String> expand(HfConfig c) {
        List<String> kinds = new ArrayList<>();
        for (JsonNode run : c.list("attention_types").orElse(List.of())) {
            int times = Math.min(run.path(1).asInt(), 10_000);
            for (int i = 0; i < times; i++) {
                run.path(0).forEach(kind -> kinds.add(kind.asText()));
            }
        }
        return kinds;
    }
}
