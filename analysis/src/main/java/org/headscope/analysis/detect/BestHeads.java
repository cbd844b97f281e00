package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Table;
import org.headscope.hooks.config.Dims;

/** Lists the heads that stand out in each kind of score. */
final class BestHeads {
    private static final int LISTED = 5;

    private final Dims dims;
    private final double[] chance;

    /** {@code n} is the length of one copy of the random tokens. */
    BestHeads(Dims dims, int n, int copies) {
        this.dims = dims;
        this.chance = new double[] {chance(n, copies, false), chance(n, copies, true), chance(n, copies, true)};
    }

    /** The score of a head that attends evenly to everything before it. */
    private static double chance(int n, int copies, boolean everyCopy) {
        return IntStream.rangeClosed(n + 1, copies * n)
                .mapToDouble(t -> (everyCopy ? (t - 1) / n : 1) / (t + 1.0))
                .average()
                .orElseThrow();
    }

    /** The best heads of every kind, as long as they score above chance. */
    Table table(String title, List<HeadScores> scores) {
        List<List<Object>> rows = new ArrayList<>();
        for (int k = 0; k < scores.size(); k++) {
            HeadScores of = scores.get(k);
            int kind = k;
            RankedHeads.top(dims, of::mean, LISTED).stream()
                    .filter(head -> of.mean(head.layer(), head.head()) > chance[kind])
                    .map(head -> row(kind, head, of))
                    .forEach(rows::add);
        }
        return new Table(
                title,
                List.of(
                        Table.Column.text("score"),
                        Table.Column.text("head"),
                        Table.Column.number("mean", ""),
                        Table.Column.number("standard deviation over sequences", ""),
                        Table.Column.number("chance", "")),
                rows);
    }

    private List<Object> row(int kind, RankedHeads.Head head, HeadScores of) {
        int layer = head.layer();
        return List.of(
                PatternMasks.KINDS[kind],
                head.label(),
                of.mean(layer, head.head()),
                of.deviation(layer, head.head()),
                chance[kind]);
    }
}
