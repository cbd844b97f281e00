package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

/**
 * Second handles to the memory of an array. Results of an operation belong to the manager of its left operand, so what
 * lives long (a weight, a cached activation) takes part in short-lived work only through an alias.
 *
 * <p>An alias keeps the engine's memory alive, but not memory that came from Java: an array made by {@code
 * manager.create(data)} must outlive its aliases, or be duplicated first.
 */
public final class Alias {
    private Alias() {}

    /**
     * A handle to the same memory that belongs to another manager.
     *
     * @param array any array
     * @param manager who owns, and closes, the new handle
     * @return an array with the same shape and memory
     */
    public static NDArray of(NDArray array, NDManager manager) {
        NDArray alias = array.reshape(array.getShape());
        alias.attach(manager);
        return alias;
    }

    /**
     * A handle to some rows of axis 1.
     *
     * @param array {@code [batch, pos, ..]}
     * @param from first row
     * @param to one past the last row
     * @param manager who owns the new handle
     * @return {@code [batch, to - from, ..]}, sharing memory
     */
    public static NDArray rows(NDArray array, long from, long to, NDManager manager) {
        if (from == 0 && to == array.getShape().get(1)) {
            return of(array, manager);
        }
        return array.get(manager, new NDIndex().addAllDim().addSliceDim(from, to));
    }
}
