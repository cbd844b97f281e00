package org.headscope.analysis.metric;

/** Log-softmax in double precision over one row of logits. */
public final class LogProbabilities {
    private LogProbabilities() {}

    /**
     * Turns one row of logits into log-probabilities.
     *
     * @param logits rows of logits, one after the other
     * @param row which row
     * @param vocab length of a row
     * @return natural logarithms, {@code [vocab]}
     */
    public static double[] row(float[] logits, int row, int vocab) {
        int start = row * vocab;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vocab; i++) {
            most = Math.max(most, logits[start + i]);
        }
        double sum = 0;
        for (int i = 0; i < vocab; i++) {
            sum += Math.exp(logits[start + i] - most);
        }
        double shift = most + Math.log(sum);
        double[] result = new double[vocab];
        for (int i = 0; i < vocab; i++) {
            result[i] = logits[start + i] - shift;
        }
        return result;
    }
}
