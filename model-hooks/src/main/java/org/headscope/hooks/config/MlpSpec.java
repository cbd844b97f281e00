package org.headscope.hooks.config;

/**
 * The MLP of every block.
 *
 * @param gated whether the hidden layer is {@code act(gate) * up}
 * @param activation the non-linearity
 */
public record MlpSpec(boolean gated, Activation activation) {}
