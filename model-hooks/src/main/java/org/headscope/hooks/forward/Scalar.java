package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;

/**
 * Numbers that can be differentiated past.
 *
 * <p>The engine keeps the operands of a product, quotient or power for the backward pass. A plain number, as in {@code
 * x.mul(0.5)}, reaches it as an array in Java's memory that is closed at once, so after the next garbage collection the
 * backward pass multiplies by whatever lies there. What is added or subtracted is not kept, and does no harm.
 */
public final class Scalar {
    private Scalar() {}

    /**
     * A number in the engine's own memory.
     *
     * @param value the number
     * @param operand what it will be combined with; its data type wins
     * @return the number without axes, owned by the manager of {@code operand}
     */
    public static NDArray of(double value, NDArray operand) {
        try (NDArray fromJava = operand.getManager().create(value)) {
            return fromJava.duplicate();
        }
    }
}
