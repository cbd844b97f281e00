package org.headscope.analysis.stat;

import java.util.Arrays;

/**
 * A sample in four numbers.
 *
 * @param mean its mean
 * @param deviation sample standard deviation; NaN for a single number
 * @param lower lower end of the interval of the mean; NaN for a single number
 * @param upper upper end of the interval of the mean; NaN for a single number
 */
public record SampleSummary(double mean, double deviation, double lower, double upper) {
    /**
     * Summarises.
     *
     * @param sample at least one number
     * @param bootstrap makes the interval
     * @return the summary
     * @throws IllegalArgumentException when the sample is empty
     */
    public static SampleSummary of(double[] sample, Bootstrap bootstrap) {
        Bootstrap.Ends ends = bootstrap.ofMean(sample);
        double mean = Arrays.stream(sample).average().orElseThrow();
        if (sample.length == 1) {
            return new SampleSummary(mean, Double.NaN, Double.NaN, Double.NaN);
        }
        double squares = Arrays.stream(sample).map(v -> (v - mean) * (v - mean)).sum();
        double deviation = Math.sqrt(squares / (sample.length - 1));
        return new SampleSummary(mean, deviation, ends.lower(), ends.upper());
    }
}
