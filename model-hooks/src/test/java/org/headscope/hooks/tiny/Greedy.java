package org.headscope.hooks.tiny;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;

/** The plainest greedy decoding: a whole forward pass per token. */
final class Greedy {
    private Greedy() {}

    /** The {@code count} tokens that follow each prompt. */
    static int[][] extend(HookedTransformer model, int[][] prompts, int count) {
        int[][] ids = prompts.clone();
        for (int i = 0; i < count; i++) {
            int[] next = next(model, ids);
            for (int b = 0; b < ids.length; b++) {
                ids[b] = Arrays.copyOf(ids[b], ids[b].length + 1);
                ids[b][ids[b].length - 1] = next[b];
            }
        }
        int from = prompts[0].length;
        return Arrays.stream(ids)
                .map(row -> Arrays.copyOfRange(row, from, row.length))
                .toArray(int[][]::new);
    }

    private static int[] next(HookedTransformer model, int[][] ids) {
        try (RunResult run =
                        model.run(RunRequest.of(TokenBatch.of(ids)).lastLogits().build());
                NDArray best = run.logits().argMax(-1)) {
            return Arrays.stream(best.toLongArray()).mapToInt(Math::toIntExact).toArray();
        }
    }
}
