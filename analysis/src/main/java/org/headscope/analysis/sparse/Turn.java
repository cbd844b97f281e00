package org.headscope.analysis.sparse;

import org.headscope.hooks.config.RopeSpec;
import org.jspecify.annotations.Nullable;

/**
 * Moves a query or key that was rotated for one position to another one. Without rotary embedding nothing moves, since the
 * position is then no part of the vector that could be taken out.
 *
 * @param rope the rotary embedding of a layer, or null
 * @param width numbers of a vector
 */
record Turn(@Nullable RopeSpec rope, int width) {
    /**
     * Rotates on.
     *
     * @param from many vectors end to end
     * @param at where the vector begins
     * @param by how many positions, also negative
     * @return the vector as it would be {@code by} positions later
     */
    double[] moved(float[] from, int at, int by) {
        double[] to = new double[width];
        for (int i = 0; i < width; i++) {
            to[i] = from[at + i];
        }
        if (rope != null && by != 0) {
            rotate(rope, to, by);
        }
        return to;
    }

    private static void rotate(RopeSpec rope, double[] vector, int by) {
        int half = rope.dims() / 2;
        for (int i = 0; i < half; i++) {
            int a = rope.interleaved() ? 2 * i : i;
            int b = rope.interleaved() ? 2 * i + 1 : i + half;
            double angle = by * rope.inverseFrequencies().get(i);
            double x = vector[a];
            double y = vector[b];
            vector[a] = x * Math.cos(angle) - y * Math.sin(angle);
            vector[b] = y * Math.cos(angle) + x * Math.sin(angle);
        }
    }
}
