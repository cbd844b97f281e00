package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.config.ModelConfig;
import org.jspecify.annotations.Nullable;

/** Subtracts the mean over the vocabulary from W_U and b_U. */
final class CenterUnembed implements ProcessingStep.Rule {
    @Override
    public @Nullable String obstacle(ModelConfig config, ModelWeights weights) {
        return config.unembed().softcap() == null
                ? null
                : "its logits are soft-capped, so a shift changes probabilities.";
    }

    @Override
    public ModelWeights apply(ModelConfig config, ModelWeights weights) {
        UnembedWeights u = weights.unembed();
        NDArray weight = u.unembed().weight();
        NDArray bias = u.unembed().bias();
        Linear centred = new Linear(
                weight.sub(weight.mean(new int[] {0}, true)), bias == null ? null : CenterWriting.centred(bias));
        return new ModelWeights(
                weights.embed(),
                weights.blocks(),
                new UnembedWeights(u.finalNorm(), u.project(), u.dense(), u.denseNorm(), centred));
    }
}
