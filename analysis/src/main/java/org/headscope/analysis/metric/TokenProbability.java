package org.headscope.analysis.metric;

import ai.djl.ndarray.NDArray;

/** The probability of one token after the prompt. */
public final class TokenProbability extends LastPosition {
    private final int token;

    /** @param token its id */
    public TokenProbability(int token) {
        this.token = token;
    }

    @Override
    public double[] measure(NDArray logits, int cells) {
        return measure(logits, cells, logProbabilities -> Math.exp(logProbabilities[token]));
    }
}
