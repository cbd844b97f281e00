package org.headscope.hooks.config;

/**
 * The normalisation that every norm of a model uses.
 *
 * @param kind which formula
 * @param eps added to the variance (LayerNorm) or to the mean square (RMSNorm)
 */
public record NormSpec(Kind kind, double eps) {
    /** The formula of a norm. */
    public enum Kind {
        /** No normalisation at all: attention-only teaching models. */
        NONE,
        /** {@code (x - mean) / sqrt(var + eps) * w + b}. */
        LAYER,
        /** {@code x / sqrt(mean(x^2) + eps) * w}; families with {@code 1 + w} store the sum. */
        RMS
    }
}
