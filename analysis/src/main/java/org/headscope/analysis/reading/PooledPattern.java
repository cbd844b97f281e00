package org.headscope.analysis.reading;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Attention patterns of some heads in a picture of bounded size. Where several tokens share a cell, attention is summed over
 * its keys and averaged over its queries, so that every row still sums to 1.
 */
final class PooledPattern {
    private final int length;
    private final int tokens;
    private final int side;
    private final int heads;
    private final double[] values;

    /** For prompts of {@code length} tokens, with at most {@code most} cells per side. */
    PooledPattern(int length, int most, int heads) {
        this.length = length;
        this.tokens = (length + most - 1) / most;
        this.side = (length + tokens - 1) / tokens;
        this.heads = heads;
        this.values = new double[Math.multiplyExact(heads, Math.multiplyExact(side, side))];
    }

    /** Adds the attention of {@code queries} queries from {@code first} on, {@code [head, query, key]}. */
    void add(int first, int queries, float[] rows) {
        int keys = rows.length / heads / queries;
        for (int h = 0; h < heads; h++) {
            for (int q = 0; q < queries; q++) {
                add(h, first + q, rows, (h * queries + q) * keys, keys);
            }
        }
    }

    private void add(int head, int query, float[] rows, int from, int keys) {
        int block = query / tokens;
        int row = (head * side + block) * side;
        int shared = Math.min(tokens, length - block * tokens);
        for (int k = 0; k < keys; k++) {
            values[row + k / tokens] += (double) rows[from + k] / shared;
        }
    }

    /** {@return tokens per cell and side} */
    int tokens() {
        return tokens;
    }

    /** {@return number of heads} */
    int heads() {
        return heads;
    }

    /** {@return the picture, {@code [head, query block, key block]}} */
    double[] values() {
        return values.clone();
    }

    /** What stands at the cells of one side: tokens, or ranges of positions. */
    List<String> labels(List<String> all) {
        return tokens == 1
                ? all
                : IntStream.range(0, side)
                        .mapToObj(block -> block * tokens + "-" + (Math.min(length, (block + 1) * tokens) - 1))
                        .toList();
    }
}
