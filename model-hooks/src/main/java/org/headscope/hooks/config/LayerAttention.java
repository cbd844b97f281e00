package org.headscope.hooks.config;

import org.jspecify.annotations.Nullable;

/**
 * What may differ from layer to layer in attention.
 *
 * @param scale multiplies the query-key products
 * @param window how many keys a query sees, itself included; 0 means all
 * @param rope rotary embedding, or null when positions enter elsewhere
 */
public record LayerAttention(double scale, int window, @Nullable RopeSpec rope) {
    /** Refuses a negative window and a scale that is not a number. */
    public LayerAttention {
        if (window < 0) {
            throw new ConfigException("config.json: the attention window " + window + " is negative. Use 0 for none.");
        }
        if (!Double.isFinite(scale)) {
            throw new ConfigException("config.json: the attention scale " + scale + " is not a number.");
        }
    }
}
