package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * An affine map {@code y = x W^T + b}.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or null
 */
public record Linear(NDArray weight, @Nullable NDArray bias) {
    /**
     * Applies the map; the result belongs to the manager of {@code x}.
     *
     * @param x {@code [.., in]}
     * @return {@code [.., out]}
     */
    public NDArray apply(NDArray x) {
        return ai.djl.nn.core.Linear.linear(x, weight, bias).singletonOrThrow();
    }

    /** {@return the width of the input} */
    public long in() {
        return weight.getShape().get(1);
    }

    /** {@return the width of the output} */
    public long out() {
        return weight.getShape().get(0);
    }
}
