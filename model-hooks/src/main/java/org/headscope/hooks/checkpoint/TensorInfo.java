package org.headscope.hooks.checkpoint;

import ai.djl.ndarray.types.Shape;

/**
 * Where a tensor lies in its file.
 *
 * @param name its name in the checkpoint
 * @param dtype how its numbers are stored
 * @param shape its axes; empty for a single number
 * @param offset its first byte, from the start of the file
 * @param byteLength its bytes
 */
public record TensorInfo(String name, DType dtype, Shape shape, long offset, long byteLength) {
    /** {@return the number of elements} */
    public long size() {
        return byteLength / dtype.bytes();
    }
}
