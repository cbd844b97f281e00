package org.headscope.analysis.detect;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.hooks.config.Dims;

/** Heads in order of a score. */
final class RankedHeads {
    private RankedHeads() {}

    /** A score of a head. */
    @FunctionalInterface
    interface Score {
        double of(int layer, int head);
    }

    /** A head, written {@code layer.head}. */
    record Head(int layer, int head) {
        String label() {
            return layer + "." + head;
        }
    }

    /** The heads with the highest scores, best first. */
    static List<Head> top(Dims dims, Score score, int count) {
        return IntStream.range(0, dims.layers() * dims.heads())
                .mapToObj(i -> new Head(i / dims.heads(), i % dims.heads()))
                .sorted(Comparator.comparingDouble((Head head) -> -score.of(head.layer(), head.head())))
                .limit(count)
                .toList();
    }
}
