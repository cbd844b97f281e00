package org.headscope.hooks.config;

import java.util.Locale;

/** Activation functions by their Hugging Face meaning. */
public enum Activation {
    /** Exact GELU, {@code x * Phi(x)}. */
    GELU,
    /** GELU with the tanh approximation. */
    GELU_TANH,
    /** {@code x * sigmoid(1.702 x)}. */
    QUICK_GELU,
    /** {@code x * sigmoid(x)}. */
    SILU,
    /** {@code max(x, 0)}. */
    RELU;

    /**
     * Finds an activation by the name used in {@code config.json}.
     *
     * @param name for example {@code gelu_new}
     * @return the function it stands for
     * @throws ConfigException when the name is not known
     */
    public static Activation of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "gelu" -> GELU;
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> GELU_TANH;
            case "quick_gelu" -> QUICK_GELU;
            case "silu", "swish" -> SILU;
            case "relu" -> RELU;
            default ->
                throw new ConfigException(
                        "config.json: activation '" + name
                                + "' is not known. Known: gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, quick_gelu, silu, relu.");
        };
    }
}
