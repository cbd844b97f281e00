package org.headscope.hooks.config;

/**
 * How tokens become the first residual stream.
 *
 * @param scale multiplies the token embeddings (Gemma: sqrt(d_model))
 * @param positions how positions enter
 * @param positionOffset added to a position before the look-up (OPT: 2; RoBERTa: pad id + 1)
 * @param padId padding token id, used by {@link Positions#LEARNED_NON_PAD}
 */
public record EmbedSpec(double scale, Positions positions, int positionOffset, int padId) {
    /** How a model knows positions. */
    public enum Positions {
        /** Not at all, or only through attention (rotary, ALiBi). */
        IN_ATTENTION,
        /** A learned table. */
        LEARNED,
        /** A learned table, counting only tokens that are not padding (RoBERTa). */
        LEARNED_NON_PAD
    }
}
