package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one attention layer.
 *
 * @param q query projection {@code [heads * d_head, d_model]}, rows grouped by head
 * @param k key projection {@code [kv_heads * d_head, d_model]}
 * @param v value projection {@code [kv_heads * d_head, d_model]}
 * @param o output projection {@code [d_model, heads * d_head]}, columns grouped by head
 * @param extras what only some families have
 */
public record AttentionWeights(Linear q, Linear k, Linear v, Linear o, Extras extras) {
    /**
     * Rare parts.
     *
     * @param qNorm gain of the query norm, {@code [d_head]} or {@code [heads * d_head]}
     * @param kNorm gain of the key norm
     * @param sinks learned logits of an extra key that takes attention and gives nothing, {@code [heads]} (gpt-oss)
     */
    public record Extras(@Nullable NDArray qNorm, @Nullable NDArray kNorm, @Nullable NDArray sinks) {
        /** No extras. */
        public static final Extras NONE = new Extras(null, null, null);
    }
}
