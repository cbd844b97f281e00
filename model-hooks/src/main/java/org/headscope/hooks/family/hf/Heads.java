package org.headscope.hooks.family.hf;

import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.Linear;

/** Reads the unembedding, which is the token embedding where the configuration ties them. */
final class Heads {
    private Heads() {}

    static Linear lm(TensorScope file, ModelConfig config, EmbedWeights embed, Bias bias) {
        return named(file, "lm_head", config, embed, bias);
    }

    static Linear named(TensorScope file, String name, ModelConfig config, EmbedWeights embed, Bias bias) {
        long vocab = config.dims().vocab();
        if (!config.unembed().tied()) {
            return file.linear(name, vocab, embed.tokens().getShape().get(1), bias);
        }
        return new Linear(embed.tokens(), file.loadIf(bias == Bias.YES, name + ".bias", vocab));
    }
}
