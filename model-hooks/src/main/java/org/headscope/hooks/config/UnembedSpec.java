package org.headscope.hooks.config;

import org.jspecify.annotations.Nullable;

/**
 * How the last residual stream becomes logits.
 *
 * @param softcap logits become {@code cap * tanh(logit / cap)}; null for none
 * @param tied whether the checkpoint ties W_U to W_E
 * @param maskedLm whether a dense layer, an activation and a norm stand before W_U (BERT)
 */
public record UnembedSpec(@Nullable Double softcap, boolean tied, boolean maskedLm) {}
