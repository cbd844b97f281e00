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
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;

/** DistilBERT: half of BERT, without token types and with names of its own. */
public final class DistilBertFamily implements FamilyAdapter {
    /** Not in the configuration. */
    private static final double EPS = 1e-12;

    @Override
    public Set<String> modelTypes() {
        return Set.of("distilbert");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        return BertParts.config(
                        "distilbert",
                        HfDims.of(c),
                        EPS,
                        Activation.of(c.text("activation").orElse("gelu")))
                .learnedPositions(0)
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        BertParts parts = new BertParts(TensorScope.root(tensors), TensorScope.below(tensors, "distilbert."), config);
        EmbedWeights embed = parts.embed(config.dims().context(), 0);
        return new ModelWeights(
                embed,
                Layers.read(parts.model().in("transformer.layer"), config.dims(), block -> block(parts, block)),
                parts.head(
                        embed,
                        "vocab_transform",
                        "vocab_layer_norm",
                        new BertParts.HeadNames("vocab_projector", "vocab_projector.bias")));
    }

    private static BlockWeights block(BertParts parts, TensorScope block) {
        Dims dims = parts.config().dims();
        return new BlockWeights(
                parts.attention(block.in("attention"), "q_lin", "k_lin", "v_lin", "out_lin"),
                new MlpWeights.Plain(
                        block.linear("ffn.lin1", dims.dMlp(), dims.dModel(), Bias.YES),
                        block.linear("ffn.lin2", dims.dModel(), dims.dMlp(), Bias.YES)),
                parts.norms(block, "sa_layer_norm", "output_layer_norm"));
    }
}
