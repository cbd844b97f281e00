package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.jspecify.annotations.Nullable;

/** {@code b_O += sum over h of b_V[h] W_O[h]} and {@code b_V = 0}; from then on a head set to zero keeps its value bias. */
final class FoldValueBiases implements ProcessingStep.Rule {
    @Override
    public @Nullable String obstacle(ModelConfig config, ModelWeights weights) {
        List<AttentionWeights> attention =
                weights.blocks().stream().map(BlockWeights::attention).toList();
        if (attention.stream().anyMatch(a -> a.extras().sinks() != null)) {
            return "its attention rows sum to less than 1 (learned sinks).";
        }
        return attention.stream().allMatch(a -> a.v().bias() == null) ? "it has no value biases." : null;
    }

    @Override
    public ModelWeights apply(ModelConfig config, ModelWeights weights) {
        List<BlockWeights> blocks = weights.blocks().stream()
                .map(block -> new BlockWeights(fold(block.attention(), config.dims()), block.mlp(), block.norms()))
                .toList();
        return new ModelWeights(weights.embed(), blocks, weights.unembed());
    }

    private static AttentionWeights fold(AttentionWeights a, Dims dims) {
        NDArray values = a.v().bias();
        if (values == null) {
            return a;
        }
        NDArray perHead = values.reshape(dims.kvHeads(), 1, dims.dHead())
                .broadcast(new Shape(dims.kvHeads(), dims.group(), dims.dHead()))
                .reshape(-1, 1);
        NDArray more = a.o().weight().matMul(perHead).reshape(-1);
        NDArray own = a.o().bias();
        Linear o = new Linear(a.o().weight(), own == null ? more : own.add(more));
        return new AttentionWeights(a.q(), a.k(), new Linear(a.v().weight(), null), o, a.extras());
    }
}
