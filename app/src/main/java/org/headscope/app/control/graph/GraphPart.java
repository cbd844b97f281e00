package org.headscope.app.control.graph;

import org.jspecify.annotations.Nullable;

/**
 * One part of a model.
 *
 * @param id unique name, such as {@code a1.h2}
 * @param label what is written on it, such as {@code 1.2}
 * @param kind what it is
 * @param layer its layer; -1 for the input, the number of layers for the logits
 * @param index its place among its kind in the layer
 * @param score its own number, NaN when it has none
 */
public record GraphPart(String id, String label, Kind kind, int layer, int index, double score) {
    /** Kinds of parts, in the order in which they stand in a layer. */
    public enum Kind {
        /** Embeddings, where everything begins. */
        INPUT,
        /** Keys and values that several heads share. */
        SHARED,
        HEAD,
        MLP,
        LOGITS,
        OTHER
    }

    /**
     * Heads and shared keys and values of a model, so that parts have their own columns.
     *
     * @param heads heads per layer
     * @param shared groups of keys and values per layer
     */
    public record Columns(int heads, int shared) {
        int group() {
            return Math.max(1, heads / Math.max(1, shared));
        }
    }

    /** Whether a flow into one part is read by the other: by itself, or by a head that shares keys and values. */
    boolean readsWith(GraphPart reader, @Nullable Columns columns) {
        if (equals(reader)) {
            return true;
        }
        return kind == Kind.HEAD
                && reader.kind == Kind.SHARED
                && reader.layer == layer
                && columns != null
                && index / columns.group() == reader.index;
    }
}
