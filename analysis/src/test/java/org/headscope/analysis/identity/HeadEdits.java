package org.headscope.analysis.identity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.run.Hook;

/** Ablations written out number by number, so that nothing is shared with those of the engine. */
final class HeadEdits {
    private HeadEdits() {}

    /** One number of an activation {@code [1, pos, head, d_head]}. */
    private interface Entry {
        double at(float[] z, int place, int position);
    }

    static Hook times(int head, double factor) {
        return edit(head, (z, i, p) -> z[i] * factor);
    }

    static Hook put(int head, float[] other) {
        return edit(head, (z, i, p) -> other[i]);
    }

    /** The mean over the prompt's own positions. */
    static Hook mean(int head) {
        return (value, point) -> {
            Shape s = value.getShape();
            int length = (int) s.get(1);
            int row = (int) (s.get(2) * s.get(3));
            return edit(head, (z, i, p) -> {
                        double sum = 0;
                        for (int t = 0; t < length; t++) {
                            sum += z[t * row + i % row];
                        }
                        return sum / length;
                    })
                    .apply(value, point);
        };
    }

    private static Hook edit(int head, Entry entry) {
        return (value, point) -> {
            float[] z = value.toFloatArray();
            Shape s = value.getShape();
            int width = (int) s.get(3);
            int heads = (int) s.get(2);
            float[] after = z.clone();
            for (int i = 0; i < z.length; i++) {
                if (i / width % heads == head) {
                    after[i] = (float) entry.at(z, i, i / (width * heads));
                }
            }
            return copy(value, after);
        };
    }

    /** Rows of a pattern {@code [1, head, query, key]} become equal weights over what the query sees. */
    static Hook uniform(int head, int window) {
        return (value, point) -> {
            float[] pattern = value.toFloatArray();
            int t = (int) value.getShape().get(3);
            for (int q = 0; q < t; q++) {
                int first = window == 0 ? 0 : Math.max(0, q - window + 1);
                for (int k = 0; k < t; k++) {
                    boolean sees = k <= q && k >= first;
                    pattern[(head * t + q) * t + k] = sees ? 1f / (q - first + 1) : 0;
                }
            }
            return copy(value, pattern);
        };
    }

    /** In memory of the engine; what came from Java would vanish with its array. */
    private static NDArray copy(NDArray like, float[] values) {
        try (NDArray fromJava = like.getManager().create(values, like.getShape())) {
            return fromJava.duplicate();
        }
    }
}
