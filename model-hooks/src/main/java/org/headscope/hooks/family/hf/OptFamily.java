package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.UnembedWeights;

/** OPT: learned positions that start at row 2. The 350M size puts norms after each add and embeds tokens in another width. */
public final class OptFamily implements FamilyAdapter {
    /** Not in the configuration. */
    private static final double EPS = 1e-5;

    private static final int OFFSET = 2;

    @Override
    public Set<String> modelTypes() {
        return Set.of("opt");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        if (!c.flag(true, "layer_norm_elementwise_affine")) {
            throw new ConfigException("config.json: 'layer_norm_elementwise_affine' is false, which is not supported.");
        }
        Dims dims = HfDims.of(c);
        return ConfigDraft.layerNorm("opt", dims, EPS)
                .learnedPositions(OFFSET)
                .arrangement(postNorm(c) ? BlockSpec.Arrangement.POST_NORM : BlockSpec.Arrangement.SEQUENTIAL)
                .mlp(Activation.of(c.text("activation_function").orElse("relu")))
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        HfConfig c = HfConfig.of(raw);
        Dims dims = config.dims();
        Bias bias = Bias.of(c.flag(true, "enable_bias"));
        TensorScope file = TensorScope.root(tensors);
        GptParts parts = new GptParts(file, TensorScope.below(tensors, "model.decoder.", "decoder."), config);
        EmbedWeights embed = embed(c, parts.model(), dims);
        List<BlockWeights> blocks = Layers.read(
                parts.model().in("layers"),
                dims,
                block -> new BlockWeights(
                        parts.attention(block.in("self_attn"), bias, bias),
                        parts.mlp(block, "fc1", "fc2", bias),
                        parts.norms(block, "self_attn_layer_norm", "final_layer_norm")));
        return new ModelWeights(embed, blocks, unembed(c, parts, embed));
    }

    private static EmbedWeights embed(HfConfig c, TensorScope model, Dims dims) {
        int narrow = embedWidth(c, dims);
        return new EmbedWeights(
                model.load("embed_tokens.weight", dims.vocab(), narrow),
                model.load("embed_positions.weight", (long) dims.context() + OFFSET, dims.dModel()),
                null,
                null,
                narrow == dims.dModel() ? null : model.linear("project_in", dims.dModel(), narrow, Bias.NO));
    }

    private static UnembedWeights unembed(HfConfig c, GptParts parts, EmbedWeights embed) {
        Dims dims = parts.config().dims();
        int narrow = embedWidth(c, dims);
        boolean normed = !postNorm(c) && !c.flag(false, "_remove_final_layer_norm");
        return new UnembedWeights(
                normed ? parts.model().layerNorm("final_layer_norm", dims.dModel()) : null,
                narrow == dims.dModel() ? null : parts.model().linear("project_out", narrow, dims.dModel(), Bias.NO),
                null,
                null,
                Heads.lm(parts.file(), parts.config(), embed, Bias.NO));
    }

    private static int embedWidth(HfConfig c, Dims dims) {
        return c.optionalInteger("word_embed_proj_dim").orElse(dims.dModel());
    }

    private static boolean postNorm(HfConfig c) {
        return !c.flag(true, "do_layer_norm_before");
    }
}
