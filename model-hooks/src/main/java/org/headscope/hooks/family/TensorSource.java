package org.headscope.hooks.family;

import ai.djl.ndarray.NDArray;
import java.util.Set;

/** Named tensors of a checkpoint, loaded as float32 into the manager of the model that is being built. */
public interface TensorSource {
    /** {@return the names of all tensors} */
    Set<String> names();

    /**
     * Tells whether a tensor exists.
     *
     * @param name its name in the checkpoint
     * @return whether {@link #load} can find it
     */
    boolean has(String name);

    /**
     * Loads a tensor.
     *
     * @param name its name in the checkpoint
     * @param shape the shape that the configuration demands; -1 accepts any length of that axis
     * @return the tensor, float32
     * @throws org.headscope.hooks.HeadscopeException when it is missing or has another shape
     */
    NDArray load(String name, long... shape);
}
