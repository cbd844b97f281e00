package org.headscope.analysis.circuit;

import org.headscope.analysis.linalg.Matrix;
import org.headscope.hooks.config.RopeSpec;
import org.jspecify.annotations.Nullable;

/** Turns queries by a fixed distance from their keys (Su et al., arXiv 2104.09864). */
record RotaryOffset(@Nullable RopeSpec rope, int offset) {
    /**
     * Queries that stand {@code offset} positions behind a key which is left unturned.
     *
     * @param q {@code [d_head, d_model]}
     * @return {@code R_offset q}; with YaRN's factor of queries and keys
     */
    Matrix turn(Matrix q) {
        if (rope == null) {
            return q;
        }
        double[] values = q.toArray();
        int width = q.columns();
        double scale = rope.factor() * rope.factor();
        int pairs = rope.inverseFrequencies().size();
        for (int i = 0; i < pairs; i++) {
            int a = (rope.interleaved() ? 2 * i : i) * width;
            int b = (rope.interleaved() ? 2 * i + 1 : i + pairs) * width;
            double angle = offset * rope.inverseFrequencies().get(i);
            for (int c = 0; c < width; c++) {
                double first = values[a + c];
                double second = values[b + c];
                values[a + c] = scale * (first * Math.cos(angle) - second * Math.sin(angle));
                values[b + c] = scale * (second * Math.cos(angle) + first * Math.sin(angle));
            }
        }
        return Matrix.of(q.rows(), width, values);
    }
}
