package org.headscope.analysis.metric;

/** Log-softmax in double precision over one row of logits, and what follows from it. */
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

    /**
     * How undecided a distribution is.
     *
     * @param logs log-probabilities, {@code [vocab]}
     * @return Shannon entropy {@code -sum p log p} in nats
     */
    public static double entropy(double[] logs) {
        double sum = 0;
        for (double log : logs) {
            double p = Math.exp(log);
            sum -= p == 0 ? 0 : p * log;
        }
        return sum;
    }

    /**
     * How far one distribution is from another.
     *
     * @param from log-probabilities of the distribution that counts as the truth, {@code [vocab]}
     * @param to log-probabilities of the other, {@code [vocab]}
     * @return {@code KL(from || to)} in nats
     */
    public static double divergence(double[] from, double[] to) {
        double sum = 0;
        for (int i = 0; i < from.length; i++) {
            double p = Math.exp(from[i]);
            sum += p == 0 ? 0 : p * (from[i] - to[i]);
        }
        return sum;
    }
}
