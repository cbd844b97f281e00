package org.headscope.hooks.family.hf;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.UnembedWeights;

/** What the encoders of the BERT line share: post-norm blocks, normed embeddings, a masked-language-model head. */
record BertParts(TensorScope file, TensorScope model, ModelConfig config) {
    static ConfigDraft config(String family, Dims dims, double eps, Activation activation) {
        return ConfigDraft.layerNorm(family, dims, eps)
                .arrangement(BlockSpec.Arrangement.POST_NORM)
                .bidirectional()
                .mlp(activation)
                .maskedLm();
    }

    /** Refuses what only some descendants have. */
    static void refuseVariants(HfConfig c) {
        c.refuse("is_decoder");
        c.refuse("add_cross_attention");
        String positions = c.text("position_embedding_type").orElse("absolute");
        if (!positions.equals("absolute")) {
            throw new ConfigException(
                    "config.json: position_embedding_type '" + positions + "' is not supported. Supported: absolute.");
        }
    }

    /** Word, position and, where {@code types} is positive, token-type embeddings with their norm. */
    EmbedWeights embed(long positions, long types) {
        Dims dims = config.dims();
        TensorScope embeddings = model.in("embeddings");
        return new EmbedWeights(
                embeddings.load("word_embeddings.weight", dims.vocab(), dims.dModel()),
                embeddings.load("position_embeddings.weight", positions, dims.dModel()),
                embeddings.loadIf(types > 0, "token_type_embeddings.weight", types, dims.dModel()),
                embeddings.layerNorm("LayerNorm", dims.dModel()),
                null);
    }

    /** A block in the names of BERT itself. */
    BlockWeights block(TensorScope block) {
        Dims dims = config.dims();
        return new BlockWeights(
                attention(block.in("attention"), "self.query", "self.key", "self.value", "output.dense"),
                new MlpWeights.Plain(
                        block.linear("intermediate.dense", dims.dMlp(), dims.dModel(), Bias.YES),
                        block.linear("output.dense", dims.dModel(), dims.dMlp(), Bias.YES)),
                norms(block, "attention.output.LayerNorm", "output.LayerNorm"));
    }

    /** Four square projections with biases. */
    AttentionWeights attention(TensorScope scope, String q, String k, String v, String o) {
        long width = config.dims().dModel();
        return new AttentionWeights(
                scope.linear(q, width, width, Bias.YES),
                scope.linear(k, width, width, Bias.YES),
                scope.linear(v, width, width, Bias.YES),
                scope.linear(o, width, width, Bias.YES),
                AttentionWeights.Extras.NONE);
    }

    BlockWeights.Norms norms(TensorScope block, String first, String second) {
        return BlockNorms.layer(block, first, second, config.dims().dModel());
    }

    /** Dense layer, norm and the (usually tied) decoder with its bias. */
    UnembedWeights head(EmbedWeights embed, String dense, String norm, HeadNames names) {
        Dims dims = config.dims();
        NDArray decoder = config.unembed().tied()
                ? embed.tokens()
                : file.load(names.decoder() + ".weight", dims.vocab(), dims.dModel());
        return new UnembedWeights(
                null,
                null,
                file.linear(dense, dims.dModel(), dims.dModel(), Bias.YES),
                file.layerNorm(norm, dims.dModel()),
                new Linear(decoder, file.load(names.bias(), dims.vocab())));
    }

    /** Where a masked-language-model head keeps its last layer. */
    record HeadNames(String decoder, String bias) {}
}
