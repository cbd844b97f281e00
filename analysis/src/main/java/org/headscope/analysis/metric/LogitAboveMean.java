package org.headscope.analysis.metric;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/**
 * The logit of one token minus the mean logit over the vocabulary, at the last position. Unlike a bare logit it does not
 * move when something is added to all logits, which changes nothing that the model says.
 */
public final class LogitAboveMean extends LastPosition {
    private final int token;

    /** @param token id of the token */
    public LogitAboveMean(int token) {
        this.token = token;
    }

    @Override
    public double[] measure(NDArray logits, int cells) {
        int vocab = (int) logits.getShape().getLastDimension();
        if (token < 0 || token >= vocab) {
            throw new IllegalArgumentException("Token " + token + " is outside the vocabulary of " + vocab + ".");
        }
        return measure(logits, cells, logs -> of(logs, token));
    }

    /**
     * The same in one row of logits or log-probabilities, which differ by a constant only.
     *
     * @param row {@code [vocab]}
     * @param token id of the token
     * @return its distance from the mean
     */
    public static double of(double[] row, int token) {
        return row[token] - Arrays.stream(row).average().orElseThrow();
    }
}
