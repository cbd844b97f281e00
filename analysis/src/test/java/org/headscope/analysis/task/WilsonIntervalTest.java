package org.headscope.analysis.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WilsonIntervalTest {
    /** The ends are the shares at which the count lies 1.96 standard errors away: roots of (p - s)² n = z² s (1 - s). */
    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"8, 10", "1, 3", "499, 500", "95, 100"})
    void endsAreWhereTheCountWouldJustBeUnlikely(int right, int total) {
        WilsonInterval interval = WilsonInterval.of(right, total);
        double p = (double) right / total;

        for (double end : new double[] {interval.lower(), interval.upper()}) {
            assertThat(Math.abs(p - end) / Math.sqrt(end * (1 - end) / total)).isCloseTo(1.95996, within(1e-4));
        }
        assertThat(interval.lower()).isLessThan(p);
        assertThat(interval.upper()).isGreaterThan(p);
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"0, 20, 0, 0.161125", "20, 20, 0.838875, 1", "8, 10, 0.490162, 0.943318"})
    void publishedIntervalsAreMet(int right, int total, double lower, double upper) {
        WilsonInterval interval = WilsonInterval.of(right, total);

        assertThat(interval.lower()).isCloseTo(lower, within(1e-6));
        assertThat(interval.upper()).isCloseTo(upper, within(1e-6));
    }
}
