package org.headscope.hooks.bake;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.checkpoint.TensorInfo;

/**
 * What stays of a tensor.
 *
 * @param shape its new shape
 * @param stretches its bytes that stay, in order, counted from the start of the file
 */
record KeptBytes(Shape shape, List<Stretch> stretches) {
    /**
     * Neighbouring bytes.
     *
     * @param from the first
     * @param length how many
     */
    record Stretch(long from, long length) {}

    /** All of it. */
    static KeptBytes all(TensorInfo info) {
        return new KeptBytes(info.shape(), List.of(new Stretch(info.offset(), info.byteLength())));
    }

    /** Some blocks of rows, each {@code height} rows high; a vector has rows of one element. */
    static KeptBytes rows(TensorInfo info, List<Integer> blocks, long height) {
        long rows = info.shape().get(0);
        long row = info.byteLength() / rows;
        long[] axes = info.shape().getShape().clone();
        axes[0] = blocks.size() * height;
        return new KeptBytes(
                new Shape(axes),
                blocks.stream()
                        .map(block -> new Stretch(info.offset() + block * height * row, height * row))
                        .toList());
    }

    /** Some blocks of columns of a matrix, each {@code width} columns wide. */
    static KeptBytes columns(TensorInfo info, List<Integer> blocks, long width) {
        long rows = info.shape().get(0);
        long row = info.byteLength() / rows;
        long block = width * info.dtype().bytes();
        List<Stretch> stretches = new ArrayList<>();
        for (long r = 0; r < rows; r++) {
            for (int kept : blocks) {
                stretches.add(new Stretch(info.offset() + r * row + kept * block, block));
            }
        }
        return new KeptBytes(new Shape(rows, blocks.size() * width), stretches);
    }

    long byteLength() {
        return stretches.stream().mapToLong(Stretch::length).sum();
    }
}
