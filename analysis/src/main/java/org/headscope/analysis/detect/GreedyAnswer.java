package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/**
 * Share of prompts to which greedy decoding gives the whole answer. Each row of the batch is a prompt and all but the last
 * token of its answer: greedy decoding says the answer exactly when the likeliest token is the right one at each of the last
 * positions, so one forward tells what decoding step by step would.
 *
 * @param answers token ids of the answers, equally many each, one per row of the batch
 */
record GreedyAnswer(List<List<Integer>> answers) implements SweepMetric {
    GreedyAnswer {
        answers = List.copyOf(answers);
    }

    private int tokensEach() {
        return answers.get(0).size();
    }

    @Override
    public int firstPosition(int length) {
        return length - tokensEach();
    }

    @Override
    public int @Nullable [] tokens() {
        return null;
    }

    @Override
    public double[] measure(NDArray logits, int cells) {
        int n = tokensEach();
        long[] said;
        try (NDArray best = logits.argMax(-1)) {
            said = best.toLongArray();
        }
        double[] shares = new double[cells];
        for (int row = 0; row < cells * answers.size(); row++) {
            List<Integer> answer = answers.get(row % answers.size());
            boolean right = true;
            for (int i = 0; i < n; i++) {
                right &= said[row * n + i] == answer.get(i);
            }
            shares[row / answers.size()] += right ? 1.0 / answers.size() : 0;
        }
        return shares;
    }
}
