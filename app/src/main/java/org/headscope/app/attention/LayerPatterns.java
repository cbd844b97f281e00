package org.headscope.app.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.job.JobContext;
import org.jspecify.annotations.Nullable;

/**
 * Patterns of one layer that were read: all of them on a usual prompt, so that the next head is there at once; on a long one
 * only the one that was asked for.
 *
 * @param question what was asked
 * @param heads patterns by head
 */
record LayerPatterns(PatternQuestion question, Map<Integer, HeadPattern> heads) {
    /** Layers with more numbers than this, 16 MB, are not read whole. */
    private static final long WHOLE = 1 << 22;

    /** The pattern asked for, null when it was not read. */
    @Nullable
    HeadPattern answer(PatternQuestion asked) {
        boolean same = asked.run() == question.run()
                && asked.held().equals(question.held())
                && asked.layer() == question.layer();
        return same ? heads.get(asked.head()) : null;
    }

    /** Reads; takes its time. */
    static LayerPatterns read(PatternQuestion asked, JobContext context) {
        int length = asked.run().tokens().ids().size();
        Map<Integer, float[]> cells = new TreeMap<>();
        wanted(asked, length).forEach(head -> cells.put(head, new float[length * length]));
        asked.run().patterns(asked.held(), List.of(asked.layer()), (layer, first, pattern) -> {
            context.checkCancelled();
            int queries = (int) pattern.getShape().get(2);
            cells.forEach((head, whole) -> put(rows(pattern, head), queries, whole, first * length, length));
            context.progress(first + queries, length);
        });
        Map<Integer, HeadPattern> heads = new HashMap<>();
        cells.forEach((head, whole) -> heads.put(head, HeadPattern.of(GridValues.of(length, length, whole))));
        return new LayerPatterns(asked, heads);
    }

    private static List<Integer> wanted(PatternQuestion asked, int length) {
        int heads = asked.run().model().dims().heads();
        return (long) length * length * heads > WHOLE
                ? List.of(asked.head())
                : IntStream.range(PatternQuestion.MEAN, heads).boxed().toList();
    }

    /** One head's rows, or their mean, {@code [rows, keys]}: only these are brought over from the engine. */
    private static float[] rows(NDArray pattern, int head) {
        try (NDArray one = head == PatternQuestion.MEAN
                ? pattern.mean(new int[] {1})
                : pattern.get(new NDIndex().addAllDim().addIndices(head))) {
            return one.toFloatArray();
        }
    }

    private static void put(float[] rows, int queries, float[] whole, int from, int length) {
        int keys = rows.length / queries;
        for (int query = 0; query < queries; query++) {
            System.arraycopy(rows, query * keys, whole, from + query * length, keys);
        }
    }
}
