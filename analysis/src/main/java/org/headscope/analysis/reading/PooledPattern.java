package org.headscope.analysis.reading;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;

/**
 * Attention patterns of some heads in a picture of bounded size. Where several tokens share a cell, attention is summed over
 * its keys and averaged over its queries, so that every row still sums to 1 unless keys are left out.
 */
final class PooledPattern {
    private final Extent extent;
    private final int tokens;
    private final int side;
    private final double[] values;

    /**
     * What is put into a picture.
     *
     * @param length tokens of the prompt
     * @param leftOut keys at the start that are left out, fewer than {@code length}
     * @param layers how many layers
     * @param heads patterns of each layer
     */
    record Extent(int length, int leftOut, int layers, int heads) {
        private int tokens(int most) {
            return (length + most - 1) / most;
        }

        private int side(int most) {
            return (length + tokens(most) - 1) / tokens(most);
        }

        /** How many numbers a picture has with at most {@code most} cells per side. */
        long numbers(int most) {
            return (long) layers * heads * side(most) * side(most);
        }
    }

    /** An empty picture with at most {@code most} cells per side. Cells of which no key is left are NaN from the start. */
    PooledPattern(Extent extent, int most) {
        this.extent = extent;
        this.tokens = extent.tokens(most);
        this.side = extent.side(most);
        this.values = new double[Math.toIntExact(extent.numbers(most))];
        int missing = extent.leftOut() / tokens;
        for (int row = 0; missing > 0 && row < values.length; row += side) {
            Arrays.fill(values, row, row + missing, Double.NaN);
        }
    }

    /** Adds the attention of {@code queries} queries of a layer from {@code first} on, {@code [head, query, key]}. */
    void add(int layer, int first, int queries, float[] rows) {
        int heads = extent.heads();
        int keys = rows.length / heads / queries;
        for (int h = 0; h < heads; h++) {
            for (int q = 0; q < queries; q++) {
                add(layer * heads + h, first + q, rows, (h * queries + q) * keys, keys);
            }
        }
    }

    private void add(int pattern, int query, float[] rows, int from, int keys) {
        int block = query / tokens;
        int row = (pattern * side + block) * side;
        int shared = Math.min(tokens, extent.length() - block * tokens);
        for (int k = extent.leftOut(); k < keys; k++) {
            values[row + k / tokens] += (double) rows[from + k] / shared;
        }
    }

    /** {@return tokens per cell and side} */
    int tokens() {
        return tokens;
    }

    /** {@return the picture over axes of the caller's, as {@code [layer, head, query block, key block]} in row order} */
    Grid grid(List<Axis> axes) {
        return Grid.of(axes, values);
    }

    /** What stands at the cells of one side: tokens, or ranges of positions. */
    List<String> labels(List<String> all) {
        return tokens == 1
                ? all
                : IntStream.range(0, side)
                        .mapToObj(block -> block * tokens + "-" + (Math.min(extent.length(), (block + 1) * tokens) - 1))
                        .toList();
    }
}
