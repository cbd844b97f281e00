package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * The input side of a transformer.
 *
 * @param tokens {@code W_E [vocab, d_embed]}
 * @param positions {@code W_pos [positions, d_model]}, or null
 * @param tokenTypes {@code [types, d_model]}, or null (BERT)
 * @param norm norm of the embeddings, or null (BLOOM, BERT)
 * @param project {@code [d_model, d_embed]}, or null when both widths are equal
 */
public record EmbedWeights(
        NDArray tokens,
        @Nullable NDArray positions,
        @Nullable NDArray tokenTypes,
        @Nullable NormWeights norm,
        @Nullable Linear project) {}
