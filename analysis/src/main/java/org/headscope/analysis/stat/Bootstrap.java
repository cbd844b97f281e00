package org.headscope.analysis.stat;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The percentile bootstrap of a mean (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13): the
 * sample is drawn from itself, with replacement, and the interval holds the middle of the means found so.
 *
 * <p>Samples of one size are resampled in the same way, so that the cells of a grid move together. With few and skewed
 * numbers the interval is somewhat too narrow.
 *
 * @param draws how many resamples, at least 1
 * @param level share of resampled means inside, strictly between 0 and 1
 * @param seed the same seed gives the same intervals
 */
public record Bootstrap(int draws, double level, long seed) {
    /** Checks draws and level. */
    public Bootstrap {
        if (draws < 1) {
            throw new IllegalArgumentException("A bootstrap needs at least 1 draw, not " + draws + ".");
        }
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("Level " + level + " must lie strictly between 0 and 1.");
        }
    }

    /**
     * Two ends of an interval.
     *
     * @param lower lower end, in the unit of the sample
     * @param upper upper end, in the unit of the sample
     */
    public record Ends(double lower, double upper) {}

    /**
     * The interval of a mean.
     *
     * @param sample at least one number; of one, both ends are that number, which says nothing of its spread
     * @return the ends; NaN when a number of the sample is NaN
     * @throws IllegalArgumentException when the sample is empty
     */
    public Ends ofMean(double[] sample) {
        if (sample.length == 0) {
            throw new IllegalArgumentException("A bootstrap needs at least one number.");
        }
        if (Arrays.stream(sample).anyMatch(Double::isNaN)) {
            return new Ends(Double.NaN, Double.NaN);
        }
        double[] means = resampled(sample);
        Arrays.sort(means);
        return new Ends(Quantiles.ofSorted(means, (1 - level) / 2), Quantiles.ofSorted(means, (1 + level) / 2));
    }

    /** Deviations from the first number are summed, so that equal numbers have exactly their own mean. */
    private double[] resampled(double[] sample) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[draws];
        for (int draw = 0; draw < draws; draw++) {
            double sum = 0;
            for (int i = 0; i < sample.length; i++) {
                sum += sample[random.nextInt(sample.length)] - sample[0];
            }
            means[draw] = sample[0] + sum / sample.length;
        }
        return means;
    }
}
