package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Multiplication by a plain number that can be differentiated.
 *
 * <p>The engine's own {@code x.mul(2)} wraps the number in memory of Java and lets go of it at once, but the backward pass
 * reads it again: once the garbage collector has been there, the gradient is whatever lies in that place. The number made
 * here belongs to the engine, which keeps it as long as the graph does.
 */
public final class Scaling {
    private Scaling() {}

    /**
     * A product whose gradient can be trusted.
     *
     * @param x any array
     * @param factor what to multiply each element by
     * @return {@code x * factor}, of the same shape, owned by the manager of {@code x}
     */
    public static NDArray times(NDArray x, double factor) {
        try (NDArray number = x.getManager().full(new Shape(), (float) factor, x.getDataType())) {
            return x.mul(number);
        }
    }
}
