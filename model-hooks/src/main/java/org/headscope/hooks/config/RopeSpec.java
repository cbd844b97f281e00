package org.headscope.hooks.config;

import java.util.List;

/**
 * Rotary position embedding of one layer (Su et al., RoFormer, arXiv 2104.09864), with all scaling rules already applied.
 *
 * @param inverseFrequencies radians per position of each rotated pair; twice as many dimensions rotate
 * @param interleaved whether pairs are (0,1), (2,3), .. (GPT-J) instead of (0, n/2), (1, n/2 + 1), ..
 * @param factor multiplies both cosine and sine (YaRN), otherwise 1
 */
public record RopeSpec(List<Double> inverseFrequencies, boolean interleaved, double factor) {
    /** Copies the list. */
    public RopeSpec {
        inverseFrequencies = List.copyOf(inverseFrequencies);
    }

    /** {@return how many of a head's dimensions rotate} */
    public int dims() {
        return 2 * inverseFrequencies.size();
    }
}
