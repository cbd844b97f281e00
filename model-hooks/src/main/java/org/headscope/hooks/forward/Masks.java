package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which keys each query sees, made once per run and shape. */
public final class Masks {
    private final NDManager manager;
    private final boolean causal;
    private final int @Nullable [][] padding;
    private final Map<Span, Mask> made = new HashMap<>();

    /**
     * Masks of one run.
     *
     * @param manager owns the masks
     * @param causal whether queries see only earlier keys
     * @param padding 1 for tokens and 0 for padding, {@code [batch][pos]}; null when nothing is padded
     */
    public Masks(NDManager manager, boolean causal, int @Nullable [][] padding) {
        this.manager = manager;
        this.causal = causal;
        this.padding = padding;
    }

    /**
     * The mask of a rectangle of attention.
     *
     * @param span which queries and keys, and the window
     * @return the mask
     */
    Mask of(Span span) {
        return made.computeIfAbsent(span, this::make);
    }

    /**
     * A rectangle of attention.
     *
     * @param firstQuery absolute position of the first query
     * @param queries number of queries
     * @param keys number of keys, from position 0
     * @param window how many keys a query sees, itself included; 0 for all
     */
    record Span(int firstQuery, int queries, int keys, int window) {}

    /**
     * One mask in its two forms.
     *
     * @param visible 1 or 0, {@code [1 or batch, 1, queries, keys]}
     * @param bias 0 or minus infinity, same shape; null when every query sees every key
     */
    record Mask(NDArray visible, @Nullable NDArray bias) {}

    private Mask make(Span span) {
        int batch = padding == null ? 1 : padding.length;
        float[] visible = new float[batch * span.queries * span.keys];
        int row = 0;
        for (int b = 0; b < batch; b++) {
            for (int q = span.firstQuery; q < span.firstQuery + span.queries; q++, row += span.keys) {
                fill(visible, row, q, span, padding == null ? null : padding[b]);
            }
        }
        Shape shape = new Shape(batch, 1, span.queries, span.keys);
        return new Mask(manager.create(visible, shape), bias(visible, shape));
    }

    private void fill(float[] visible, int row, int query, Span span, int @Nullable [] present) {
        boolean any = false;
        for (int k = 0; k < span.keys; k++) {
            boolean sees = sees(span, query, k) && (present == null || present[k] != 0);
            visible[row + k] = sees ? 1 : 0;
            any |= sees;
        }
        if (!any) {
            // Padding in front of a text sees nothing. A softmax over nothing is not a number, and would spread.
            visible[row + query] = 1;
        }
    }

    private @Nullable NDArray bias(float[] visible, Shape shape) {
        float[] bias = new float[visible.length];
        boolean all = true;
        for (int i = 0; i < bias.length; i++) {
            bias[i] = visible[i] == 1 ? 0 : Float.NEGATIVE_INFINITY;
            all &= visible[i] == 1;
        }
        return all ? null : manager.create(bias, shape);
    }

    private boolean sees(Span span, int q, int k) {
        if (causal && k > q) {
            return false;
        }
        return span.window == 0 || k > q - span.window;
    }
}
