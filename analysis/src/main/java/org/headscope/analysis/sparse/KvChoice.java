package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.StreamingWindow;

/**
 * Which key-value heads keep full attention; the others stream. Compared by identity.
 *
 * @param full layer after layer, {@code [layer * kv_head]}
 */
@SuppressWarnings("ArrayRecordComponent") // private to this package, never compared
record KvChoice(boolean[] full) {
    private static final double TIE_BREAK = 1e-6;

    /**
     * The heads that matter most, as DuoAttention chooses them: noise below 1e-6 breaks ties, and a head keeps full attention
     * when it is not below the quantile {@code sparsity}.
     */
    static KvChoice of(double[] scores, double sparsity, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] noisy = Arrays.stream(scores)
                .map(s -> s + TIE_BREAK * random.nextDouble())
                .toArray();
        double[] sorted = noisy.clone();
        Arrays.sort(sorted);
        double place = sparsity * (sorted.length - 1);
        int below = (int) Math.floor(place);
        double threshold =
                sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
        boolean[] full = new boolean[scores.length];
        for (int i = 0; i < full.length; i++) {
            // At sparsity 1 the quantile is the largest gate, and even that one is to stream.
            full[i] = sparsity < 1 && noisy[i] >= threshold;
        }
        return new KvChoice(full);
    }

    /** As many full heads as this, drawn from all. */
    KvChoice random(SplittableRandom random) {
        boolean[] drawn = full.clone();
        for (int i = drawn.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            boolean kept = drawn[i];
            drawn[i] = drawn[other];
            drawn[other] = kept;
        }
        return new KvChoice(drawn);
    }

    /** All heads full, or all streaming. */
    static KvChoice all(int heads, boolean full) {
        boolean[] all = new boolean[heads];
        Arrays.fill(all, full);
        return new KvChoice(all);
    }

    /** How many keep full attention. */
    int size() {
        return (int) IntStream.range(0, full.length).filter(i -> full[i]).count();
    }

    /** One intervention for every layer with streaming heads; the query heads of a group stream together. */
    List<Intervention> interventions(Dims dims, StreamingWindow window) {
        List<Intervention> streaming = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            Set<Integer> heads = new TreeSet<>();
            for (int head = 0; head < dims.heads(); head++) {
                if (!full[layer * dims.kvHeads() + head / dims.group()]) {
                    heads.add(head);
                }
            }
            if (!heads.isEmpty()) {
                streaming.add(new Intervention.Streaming(layer, heads, window));
            }
        }
        return streaming;
    }

    /** The streaming key-value heads as {@code layer.kv_head}. */
    String streaming(Dims dims) {
        return IntStream.range(0, full.length)
                .filter(i -> !full[i])
                .mapToObj(i -> i / dims.kvHeads() + "." + i % dims.kvHeads())
                .collect(Collectors.joining(" "));
    }
}
