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

/** RoBERTa: BERT with positions that count only tokens and start after the padding id. */
public final class RobertaFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("roberta");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        BertParts.refuseVariants(c);
        int padId = padId(c);
        int context = c.integer("max_position_embeddings") - padId - 1;
        return BertParts.config(
                        "roberta",
                        HfDims.of(c, context, HfDims.heads(c)),
                        c.optionalNumber("layer_norm_eps").orElse(1e-12),
                        Activation.of(c.text("hidden_act").orElse("gelu")))
                .learnedPositionsAfterPadding(padId)
                .tied(c.flag(true, "tie_word_embeddings"))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        HfConfig c = HfConfig.of(raw);
        BertParts parts = new BertParts(TensorScope.root(tensors), TensorScope.below(tensors, "roberta."), config);
        EmbedWeights embed = parts.embed(
                c.integer("max_position_embeddings"),
                c.optionalInteger("type_vocab_size").orElse(2));
        return new ModelWeights(
                embed,
                Layers.read(parts.model().in("encoder.layer"), config.dims(), parts::block),
                parts.head(
                        embed,
                        "lm_head.dense",
                        "lm_head.layer_norm",
                        new BertParts.HeadNames("lm_head.decoder", "lm_head.bias")));
    }

    private static int padId(HfConfig c) {
        return c.optionalInteger("pad_token_id").orElse(1);
    }
}
