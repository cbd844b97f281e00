package org.headscope.hooks.family.hf;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/** The tensors of a checkpoint below one prefix, read as the parts that a model is made of. */
final class TensorScope {
    private final TensorSource source;
    private final String prefix;

    private TensorScope(TensorSource source, String prefix) {
        this.source = source;
        this.prefix = prefix;
    }

    static TensorScope root(TensorSource source) {
        return new TensorScope(source, "");
    }

    /** Below the first prefix that the checkpoint uses, else at the top: many uploads leave the outer names out. */
    static TensorScope below(TensorSource source, String... prefixes) {
        for (String prefix : prefixes) {
            if (source.names().stream().anyMatch(name -> name.startsWith(prefix))) {
                return new TensorScope(source, prefix);
            }
        }
        return root(source);
    }

    TensorScope in(String more) {
        return new TensorScope(source, prefix + more + ".");
    }

    boolean has(String name) {
        return source.has(prefix + name);
    }

    NDArray load(String name, long... shape) {
        return source.load(prefix + name, shape);
    }

    @Nullable
    NDArray loadIf(boolean wanted, String name, long... shape) {
        return wanted ? load(name, shape) : null;
    }

    /** A projection stored as {@code [out, in]}. */
    Linear linear(String name, long out, long in, Bias bias) {
        return new Linear(load(name + ".weight", out, in), loadIf(bias == Bias.YES, name + ".bias", out));
    }

    /** A projection stored as {@code [in, out]}, as GPT-2 does. */
    Linear conv1d(String name, long out, long in) {
        NDArray stored = load(name + ".weight", in, out);
        try (stored) {
            return new Linear(stored.transpose(), load(name + ".bias", out));
        }
    }

    /** A LayerNorm with gain and bias, in either of the two spellings. */
    NormWeights layerNorm(String name, long width) {
        boolean old = !has(name + ".weight") && has(name + ".gamma");
        return new NormWeights(
                load(name + (old ? ".gamma" : ".weight"), width), load(name + (old ? ".beta" : ".bias"), width));
    }

    /** An RMSNorm, which has a gain only. */
    NormWeights rmsNorm(String name, long width) {
        return new NormWeights(load(name + ".weight", width), null);
    }

    /** An RMSNorm whose gain is one more than what is stored. */
    NormWeights rmsNormPlusOne(String name, long width) {
        return new NormWeights(onePlus(name, width), null);
    }

    NDArray onePlus(String name, long width) {
        try (NDArray stored = load(name + ".weight", width)) {
            return stored.add(1);
        }
    }
}
