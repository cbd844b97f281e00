package org.headscope.hooks.weights;

import org.jspecify.annotations.Nullable;

/**
 * The weights of one block.
 *
 * @param attention attention
 * @param mlp MLP, or null in attention-only models
 * @param norms the norms around them
 */
public record BlockWeights(AttentionWeights attention, @Nullable MlpWeights mlp, Norms norms) {
    /**
     * The norms of a block; which exist depends on the family.
     *
     * @param ln1 before attention (after its add in post-norm blocks)
     * @param ln2 before the MLP (after its add in post-norm blocks); equal to ln1 where both branches share one
     * @param ln1Post on the attention output, before it is added (Gemma 2, OLMo 2)
     * @param ln2Post on the MLP output, before it is added
     */
    public record Norms(
            @Nullable NormWeights ln1,
            @Nullable NormWeights ln2,
            @Nullable NormWeights ln1Post,
            @Nullable NormWeights ln2Post) {
        /** No norms. */
        public static final Norms NONE = new Norms(null, null, null, null);
    }
}
