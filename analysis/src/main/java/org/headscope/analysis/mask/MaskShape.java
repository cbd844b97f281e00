package org.headscope.analysis.mask;

import org.headscope.hooks.config.Dims;

/**
 * The grid a mask lies on. Heads are query heads, also under grouped-query attention: several of them then share keys and
 * values, and each still has an output of its own that can be masked.
 *
 * @param layers number of blocks
 * @param heads query heads per block
 */
public record MaskShape(int layers, int heads) {
    /** Refuses an empty grid. */
    public MaskShape {
        if (layers < 1 || heads < 1) {
            throw new MaskException("A mask needs at least one layer and head, not " + layers + " x " + heads + ".");
        }
    }

    /**
     * The grid of a model.
     *
     * @param dims its sizes
     * @return its layers and query heads
     */
    public static MaskShape of(Dims dims) {
        return new MaskShape(dims.layers(), dims.heads());
    }

    @Override
    public String toString() {
        return layers + " layers x " + heads + " heads";
    }
}
