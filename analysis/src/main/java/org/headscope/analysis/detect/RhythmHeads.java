package org.headscope.analysis.detect;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.hooks.config.Dims;

/**
 * Heads by how far back they look.
 *
 * @param local those that look least far
 * @param global those that look furthest
 * @param considered number of heads that were ranked
 */
record RhythmHeads(List<RankedHeads.Head> local, List<RankedHeads.Head> global, int considered) {
    /** Ranks the heads of some layers by span, {@code [layer][head]}; at least one head of either kind. */
    static RhythmHeads of(Dims dims, List<Integer> layers, double[][] span, double share) {
        List<RankedHeads.Head> order = layers.stream()
                .flatMap(l -> IntStream.range(0, dims.heads()).mapToObj(h -> new RankedHeads.Head(l, h)))
                .sorted(Comparator.comparingDouble(head -> span[head.layer()][head.head()]))
                .toList();
        int count = (int) Math.max(1, Math.round(share * order.size()));
        return new RhythmHeads(
                order.subList(0, count), order.subList(order.size() - count, order.size()), order.size());
    }

    static String names(List<RankedHeads.Head> heads) {
        return heads.stream().map(RankedHeads.Head::label).collect(Collectors.joining(" "));
    }
}
