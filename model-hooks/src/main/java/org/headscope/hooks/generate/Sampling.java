package org.headscope.hooks.generate;

import org.headscope.hooks.HeadscopeException;

/**
 * How the next token is chosen. Limits apply in the order of the components, as in Hugging Face.
 *
 * @param temperature divides the logits; 0 takes the likeliest token, the one with the smaller id on a tie
 * @param topK only this many of the likeliest tokens stay; 0 for all
 * @param topP only the likeliest tokens that together reach this probability stay; 1 for all
 * @param seed equal seeds give equal texts
 */
public record Sampling(double temperature, int topK, double topP, long seed) {
    /** Always the likeliest token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

    /** Refuses settings without meaning. */
    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new HeadscopeException(
                    "The temperature is " + temperature + " but must be 0 (greedy) or a positive number.");
        }
        if (topK < 0) {
            throw new HeadscopeException("top_k is " + topK + " but must be 0 (all tokens) or more.");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new HeadscopeException("top_p is " + topP + " but must be above 0 and at most 1.");
        }
    }

    /**
     * Samples from the whole distribution.
     *
     * @param temperature divides the logits
     * @param seed equal seeds give equal texts
     * @return the settings
     */
    public static Sampling at(double temperature, long seed) {
        return new Sampling(temperature, 0, 1, seed);
    }
}
