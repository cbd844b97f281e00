package org.headscope.hooks.bake;

import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.checkpoint.TensorInfo;

/**
 * A weight matrix as it lies in a file.
 *
 * @param info its name, number type and place
 * @param inputsFirst whether its rows are inputs ({@code [in, out]}, as GPT-2 stores it) instead of outputs
 */
record StoredMatrix(TensorInfo info, boolean inputsFirst) {
    /** Adds the bytes that belong to some neighbouring inputs: one stretch of rows, or a piece of every row. */
    void addInputs(long from, long count, ZeroedBytes zeroed) {
        Shape shape = info.shape();
        long width = info.dtype().bytes();
        if (inputsFirst) {
            long row = shape.get(1) * width;
            zeroed.add(info.offset() + from * row, count * row);
            return;
        }
        long row = shape.get(1) * width;
        for (long output = 0; output < shape.get(0); output++) {
            zeroed.add(info.offset() + output * row + from * width, count * width);
        }
    }

    /** Adds all its bytes. */
    void addAll(ZeroedBytes zeroed) {
        zeroed.add(info.offset(), info.byteLength());
    }
}
