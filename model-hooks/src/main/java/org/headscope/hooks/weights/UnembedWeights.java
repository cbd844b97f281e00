package org.headscope.hooks.weights;

import org.jspecify.annotations.Nullable;

/**
 * The output side of a transformer.
 *
 * @param finalNorm norm before the unembedding, or null
 * @param project {@code [d_embed, d_model]} applied before W_U, or null (OPT-350m)
 * @param dense first layer of a masked-language-model head, or null
 * @param denseNorm norm after {@code dense}, or null
 * @param unembed {@code W_U} as {@code [vocab, d]}, with {@code b_U}
 */
public record UnembedWeights(
        @Nullable NormWeights finalNorm,
        @Nullable Linear project,
        @Nullable Linear dense,
        @Nullable NormWeights denseNorm,
        Linear unembed) {}
