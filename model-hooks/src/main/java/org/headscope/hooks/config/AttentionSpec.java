package org.headscope.hooks.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How attention works in a model.
 *
 * @param causal whether a query sees only itself and earlier positions
 * @param layers scale, window and rotary embedding per layer
 * @param qkNorm where queries and keys are normalised before the rotary embedding
 * @param softcap scores become {@code cap * tanh(score / cap)} before masking; null for none
 * @param alibi linear position biases
 */
public record AttentionSpec(
        boolean causal, List<LayerAttention> layers, QkNorm qkNorm, @Nullable Double softcap, Alibi alibi) {
    /** Copies the list. */
    public AttentionSpec {
        layers = List.copyOf(layers);
    }

    /** Normalisation of queries and keys. */
    public enum QkNorm {
        /** None. */
        NONE,
        /** RMSNorm over each head (Qwen 3, Gemma 3). */
        PER_HEAD,
        /** RMSNorm over all heads together (OLMo 2). */
        FULL_WIDTH
    }

    /** Linear attention biases (Press et al., arXiv 2108.12409). */
    public enum Alibi {
        /** None. */
        NONE,
        /** Added to the scaled scores (BLOOM). */
        AFTER_SCALE,
        /** Scaled with the scores, slopes and products rounded to bfloat16 (Falcon RW). */
        SCALED_BF16
    }
}
