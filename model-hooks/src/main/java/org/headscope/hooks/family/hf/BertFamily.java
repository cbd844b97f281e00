package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.ModelWeights;

/** BERT: token types, norms after each add, a masked-language-model head. */
public final class BertFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("bert");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        BertParts.refuseVariants(c);
        return BertParts.config(
                        "bert",
                        HfDims.of(c),
                        c.optionalNumber("layer_norm_eps").orElse(1e-12),
                        Activation.of(c.text("hidden_act").orElse("gelu")))
                .learnedPositions(0)
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        BertParts parts = new BertParts(TensorScope.root(tensors), TensorScope.below(tensors, "bert."), config);
        EmbedWeights embed = parts.embed(
                config.dims().context(),
                HfConfig.of(raw).optionalInteger("type_vocab_size").orElse(2));
        return new ModelWeights(
                embed,
                Layers.read(parts.model().in("encoder.layer"), config.dims(), parts::block),
                parts.head(
                        embed,
                        "cls.predictions.transform.dense",
                        "cls.predictions.transform.LayerNorm",
                        new BertParts.HeadNames("cls.predictions.decoder", "cls.predictions.bias")));
    }
}
