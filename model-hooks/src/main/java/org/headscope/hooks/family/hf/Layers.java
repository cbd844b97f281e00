package org.headscope.hooks.family.hf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.weights.BlockWeights;

/** Reads the same block once per layer. */
final class Layers {
    private Layers() {}

    static List<BlockWeights> read(TensorScope layers, Dims dims, Function<TensorScope, BlockWeights> block) {
        List<BlockWeights> blocks = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            blocks.add(block.apply(layers.in(Integer.toString(layer))));
        }
        return blocks;
    }
}
