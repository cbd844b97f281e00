package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The logit difference between a right and a wrong answer at the last position, averaged over prompts.
 *
 * <p>Every prompt may have its own pair of answers.
 */
public final class LogitDifference implements SweepMetric {
    private final int[] correct;
    private final int[] wrong;
    private final int[] tokens;

    /**
     * A difference for each prompt.
     *
     * @param correct token id of the right answer, per prompt
     * @param wrong token id of the wrong answer, per prompt
     */
    public LogitDifference(int[] correct, int[] wrong) {
        if (correct.length != wrong.length || correct.length == 0) {
            throw new IllegalArgumentException("Need one right and one wrong answer per prompt, got " + correct.length
                    + " and " + wrong.length + ".");
        }
        this.correct = correct.clone();
        this.wrong = wrong.clone();
        this.tokens = IntStream.concat(Arrays.stream(correct), Arrays.stream(wrong))
                .distinct()
                .toArray();
    }

    /**
     * A difference for a single prompt.
     *
     * @param correct token id of the right answer
     * @param wrong token id of the wrong answer
     */
    public LogitDifference(int correct, int wrong) {
        this(new int[] {correct}, new int[] {wrong});
    }

    @Override
    public int firstPosition(int length) {
        return length - 1;
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public double[] measure(NDArray logits, int cells) {
        float[] values = logits.toFloatArray();
        int batch = correct.length;
        if (logits.getShape().get(0) != (long) cells * batch) {
            throw new IllegalArgumentException("The metric has answers for " + batch + " prompts, but the logits have "
                    + logits.getShape().get(0) / cells + ".");
        }
        double[] result = new double[cells];
        for (int c = 0; c < cells; c++) {
            for (int b = 0; b < batch; b++) {
                int row = (c * batch + b) * tokens.length;
                result[c] += (double) values[row + column(correct[b])] - values[row + column(wrong[b])];
            }
            result[c] /= batch;
        }
        return result;
    }

    private int column(int token) {
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] == token) {
                return i;
            }
        }
        throw new IllegalStateException("token " + token);
    }
}
