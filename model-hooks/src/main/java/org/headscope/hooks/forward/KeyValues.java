package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * Keys and values of one layer from position 0 on.
 *
 * @param keys after rotation, {@code [batch, kv_head, pos, d_head]}
 * @param values {@code [batch, kv_head, pos, d_head]}
 */
public record KeyValues(NDArray keys, NDArray values) {
    /** {@return how many positions are held} */
    public int length() {
        return (int) keys.getShape().get(2);
    }

    /**
     * The first positions, repeated for a larger batch.
     *
     * @param length how many positions
     * @param copies how many times the batch is repeated, copy after copy
     * @param manager who owns the result
     * @return keys and values of {@code copies * batch} rows
     */
    public KeyValues prefix(int length, int copies, NDManager manager) {
        return new KeyValues(prefixOf(keys, length, copies, manager), prefixOf(values, length, copies, manager));
    }

    /**
     * Moves both arrays.
     *
     * @param manager the new owner
     * @return this
     */
    public KeyValues attach(NDManager manager) {
        keys.attach(manager);
        values.attach(manager);
        return this;
    }

    private static NDArray prefixOf(NDArray array, int length, int copies, NDManager manager) {
        NDArray head = array.get(manager, new NDIndex().addAllDim().addAllDim().addSliceDim(0, length));
        if (copies == 1) {
            return head;
        }
        Shape s = head.getShape();
        return head.expandDims(0)
                .broadcast(new Shape(copies, s.get(0), s.get(1), s.get(2), s.get(3)))
                .reshape(new Shape(copies * s.get(0), s.get(1), s.get(2), s.get(3)));
    }
}
