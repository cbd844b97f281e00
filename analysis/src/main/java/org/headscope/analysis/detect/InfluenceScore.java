package org.headscope.analysis.detect;

import java.util.Arrays;

/**
 * How much worse one text is predicted with heads masked.
 *
 * @param text the text
 * @param base loss of the full model, nats per token
 * @param masked loss with the chosen heads masked
 * @param random losses with random heads masked, one per set
 */
@SuppressWarnings("ArrayRecordComponent") // made once, only read
record InfluenceScore(InfluenceText text, double base, double masked, double[] random) {
    /** Equation 5 of the paper; not a number when the full model has no loss at all. */
    double score() {
        return relative(masked);
    }

    /** The same with one of the random sets. */
    double control(int set) {
        return relative(random[set]);
    }

    double delta() {
        return masked - base;
    }

    double meanOfControls() {
        return Arrays.stream(random).map(this::relative).average().orElse(Double.NaN);
    }

    private double relative(double loss) {
        return base == 0 ? Double.NaN : (loss - base) / base;
    }
}
