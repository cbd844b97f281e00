package org.headscope.hooks.family.hf;

import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.NormWeights;

/** The arrangements of norms that most blocks have. */
final class BlockNorms {
    private BlockNorms() {}

    /** One for attention and one for the MLP. */
    static BlockWeights.Norms two(NormWeights attention, NormWeights mlp) {
        return new BlockWeights.Norms(attention, mlp, null, null);
    }

    /** Two LayerNorms. */
    static BlockWeights.Norms layer(TensorScope block, String attention, String mlp, long width) {
        return two(block.layerNorm(attention, width), block.layerNorm(mlp, width));
    }

    /** One LayerNorm whose output both parts of a parallel block read. */
    static BlockWeights.Norms shared(TensorScope block, String both, long width) {
        NormWeights norm = block.layerNorm(both, width);
        return two(norm, norm);
    }
}
