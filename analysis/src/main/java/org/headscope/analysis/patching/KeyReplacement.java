package org.headscope.analysis.patching;

/**
 * What one replaced key does to a row of attention. With all other scores as they were, a new score at key {@code s} takes
 * its share of the softmax from the others in proportion, so that the inner product of the change of the row with a gradient
 * is {@code (A'_s - A_s) (g_s - mean of g over the others)}: all keys of a row in one pass.
 *
 * @param scores the row of attention scores {@code [key]}, minus infinity where masked
 * @param replaced for each key, what its score would be
 * @param sink score of an attention sink that is no key, minus infinity without one
 */
@SuppressWarnings("ArrayRecordComponent") // the operands of one computation, never compared
record KeyReplacement(double[] scores, double[] replaced, double sink) {
    /** For each key, the first-order change of the metric: {@code gradient} is by attention probability, {@code [key]}. */
    double[] changes(double[] gradient) {
        double most = sink;
        for (double score : scores) {
            most = Math.max(most, score);
        }
        double[] weights = new double[scores.length];
        // Sums to either side instead of a total less one term: a saturated row would leave only rounding noise.
        double[] before = new double[scores.length + 1];
        double[] beforeTimes = new double[scores.length + 1];
        before[0] = Math.exp(sink - most);
        for (int s = 0; s < scores.length; s++) {
            weights[s] = Math.exp(scores[s] - most);
            before[s + 1] = before[s] + weights[s];
            beforeTimes[s + 1] = beforeTimes[s] + weights[s] * gradient[s];
        }
        double[] changes = new double[scores.length];
        double after = 0;
        double afterTimes = 0;
        for (int s = scores.length - 1; s >= 0; s--) {
            double others = before[s] + after;
            double mean = others == 0 ? gradient[s] : (beforeTimes[s] + afterTimes) / others;
            double moved = share(Math.exp(replaced[s] - most), others) - share(weights[s], others);
            changes[s] = moved * (gradient[s] - mean);
            after += weights[s];
            afterTimes += weights[s] * gradient[s];
        }
        return changes;
    }

    private static double share(double own, double others) {
        if (own == Double.POSITIVE_INFINITY) {
            return 1;
        }
        return own == 0 ? 0 : own / (own + others);
    }
}
