package org.headscope.hooks.train;

/** Where the weights of a model begin. */
@FunctionalInterface
public interface StartValues {
    /**
     * The first value of a tensor.
     *
     * @param name its name in the checkpoint
     * @param shape its axes
     * @return its elements, row by row
     */
    float[] of(String name, long[] shape);
}
