package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * The number that a sweep reads off the logits of every cell. It says which positions and tokens it reads, so that nothing
 * else is computed.
 */
public interface SweepMetric {
    /**
     * The first position it reads.
     *
     * @param length number of tokens per prompt
     * @return an absolute position; all later ones are read too
     */
    int firstPosition(int length);

    /** {@return the token ids whose logits it reads, in the order it wants them; null for the whole vocabulary} */
    int @Nullable [] tokens();

    /**
     * Measures.
     *
     * @param logits {@code [cells * batch, pos - first, tokens]}, cell after cell
     * @param cells how many cells
     * @return one number per cell, averaged over the batch
     */
    double[] measure(NDArray logits, int cells);
}
