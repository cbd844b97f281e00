package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * All weights of a transformer in the canonical layout. The arrays belong to the manager of the model.
 *
 * @param embed input side
 * @param blocks one entry per layer
 * @param unembed output side
 */
public record ModelWeights(EmbedWeights embed, List<BlockWeights> blocks, UnembedWeights unembed) {
    /** Copies the list. */
    public ModelWeights {
        blocks = List.copyOf(blocks);
    }

    /** {@return all arrays, each once however often it is used} */
    public List<NDArray> arrays() {
        return WeightArrays.of(this);
    }
}
