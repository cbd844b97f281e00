package org.headscope.analysis.sparse;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.headscope.analysis.spi.ParameterException;

/**
 * Which chunks of a text a query may read. Up to {@code budget} tokens everything is read; behind that the first chunk, the
 * chunk before the query's own and the query's own are always read, and the rest of the budget goes to the best others.
 *
 * @param chunk tokens of a chunk
 * @param budget tokens that a query reads, a multiple of {@code chunk}
 */
record ChunkPlan(int chunk, int budget) {
    /** Chunks that are always read. */
    static final int FIXED = 3;

    ChunkPlan {
        if (budget % chunk != 0 || budget / chunk < FIXED) {
            throw ParameterException.refused(
                    "budget",
                    Integer.toString(budget),
                    "a multiple of the chunk of " + chunk + " tokens, at least " + FIXED * chunk);
        }
    }

    /** How many chunks a query reads. */
    int slots() {
        return budget / chunk;
    }

    /** Whether a query has to choose. */
    boolean chooses(int query) {
        return query >= budget;
    }

    /** How many chunks there are to choose from: 1 to the last but two. */
    int candidates(int query) {
        return chooses(query) ? query / chunk - 2 : 0;
    }

    /** Whether a chunk can be chosen or left by a query. */
    boolean isCandidate(int at, int query) {
        return at >= 1 && at <= candidates(query);
    }

    /** The chunks a query reads, in order; of equal scores the earlier chunk goes first. {@code scores}: by chunk. */
    int[] chosen(double[] scores, int query) {
        int own = query / chunk;
        IntStream best = IntStream.rangeClosed(1, candidates(query))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer c) -> -scores[c]))
                .limit(slots() - FIXED)
                .mapToInt(Integer::intValue);
        return IntStream.concat(IntStream.of(0, own - 1, own), best).sorted().toArray();
    }
}
