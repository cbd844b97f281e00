package org.headscope.hooks.family.hf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.Linear;
import org.jspecify.annotations.Nullable;

/** Takes a projection apart that computes queries, keys and values at once. The fused arrays are closed. */
final class FusedQkv {
    private FusedQkv() {}

    /** Width of the fused projection. */
    static long width(Dims dims) {
        return (long) (dims.heads() + 2 * dims.kvHeads()) * dims.dHead();
    }

    /** All queries, then all keys, then all values (GPT-2, Phi-3). */
    static AttentionWeights inPlainOrder(Linear fused, Linear out, Dims dims) {
        List<Linear> parts = split(
                fused,
                (long) dims.heads() * dims.dHead(),
                (long) dims.kvHeads() * dims.dHead(),
                (long) dims.kvHeads() * dims.dHead());
        return new AttentionWeights(parts.get(0), parts.get(1), parts.get(2), out, AttentionWeights.Extras.NONE);
    }

    /** Per key-value head: its queries, its key, its value (GPT-NeoX, BLOOM, Falcon). */
    static AttentionWeights groupedByHead(Linear fused, Linear out, Dims dims) {
        List<NDArray> weights = ungroup(fused.weight(), dims, dims.dModel());
        @Nullable NDArray bias = fused.bias();
        List<@Nullable NDArray> biases = new ArrayList<>(List.of());
        if (bias == null) {
            biases.add(null);
            biases.add(null);
            biases.add(null);
        } else {
            biases.addAll(ungroup(bias, dims, 0));
        }
        return new AttentionWeights(
                new Linear(weights.get(0), biases.get(0)),
                new Linear(weights.get(1), biases.get(1)),
                new Linear(weights.get(2), biases.get(2)),
                out,
                AttentionWeights.Extras.NONE);
    }

    /** Splits a projection by its outputs. */
    static List<Linear> split(Linear fused, long... widths) {
        List<Linear> parts = new ArrayList<>();
        long from = 0;
        for (long width : widths) {
            @Nullable NDArray bias = fused.bias();
            parts.add(new Linear(rows(fused.weight(), from, width), bias == null ? null : rows(bias, from, width)));
            from += width;
        }
        close(fused);
        return parts;
    }

    private static NDArray rows(NDArray all, long from, long width) {
        return all.get(new NDIndex("{}:{}", from, from + width));
    }

    /** {@code columns} is 0 for a bias. */
    private static List<NDArray> ungroup(NDArray fused, Dims dims, long columns) {
        int group = dims.group();
        long last = columns == 0 ? 1 : columns;
        try (fused;
                NDArray byHead = fused.reshape(dims.kvHeads(), group + 2L, dims.dHead(), last)) {
            return List.of(
                    take(byHead, 0, group, columns),
                    take(byHead, group, group + 1, columns),
                    take(byHead, group + 1, group + 2, columns));
        }
    }

    private static NDArray take(NDArray byHead, int from, int to, long columns) {
        try (NDArray part = byHead.get(new NDIndex(":, {}:{}", from, to))) {
            return columns == 0 ? part.reshape(-1) : part.reshape(-1, columns);
        }
    }

    private static void close(Linear linear) {
        linear.weight().close();
        @Nullable NDArray bias = linear.bias();
        if (bias != null) {
            bias.close();
        }
    }
}
