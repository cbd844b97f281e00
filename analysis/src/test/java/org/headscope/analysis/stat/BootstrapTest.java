package org.headscope.analysis.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.headscope.analysis.stat.Bootstrap.Ends;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final double Z = 1.959963984540054;
    private static final Bootstrap USUAL = new Bootstrap(1000, 0.95, 7);

    @Test
    void ofALargeNormalSampleItIsTheIntervalOfTheNormalDistribution() {
        double[] sample = normal(400, 3);
        double mean = DoubleStream.of(sample).average().orElseThrow();
        double variance = DoubleStream.of(sample)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        double half = Z * Math.sqrt(variance / sample.length);

        Ends ends = new Bootstrap(20_000, 0.95, 7).ofMean(sample);

        assertThat(ends.lower()).isCloseTo(mean - half, within(0.04 * half));
        assertThat(ends.upper()).isCloseTo(mean + half, within(0.04 * half));
    }

    @Test
    void coversTheTrueMeanAboutAsOftenAsItClaims() {
        long covered = LongStream.range(0, 500)
                .mapToObj(seed -> new Bootstrap(500, 0.95, seed).ofMean(normal(30, seed)))
                .filter(ends -> ends.lower() <= 10 && 10 <= ends.upper())
                .count();

        // Of 30 normal numbers a percentile interval covers about 93 %; five standard errors of 500 trials are 5.7 %.
        assertThat(covered / 500.0).isBetween(0.88, 0.985);
    }

    @Test
    void aWiderLevelAndASmallerSampleGiveAWiderInterval() {
        double[] sample = normal(100, 1);

        double usual = width(USUAL.ofMean(sample));

        assertThat(width(new Bootstrap(1000, 0.99, 7).ofMean(sample))).isGreaterThan(usual);
        assertThat(width(new Bootstrap(1000, 0.5, 7).ofMean(sample))).isLessThan(usual);
        assertThat(width(USUAL.ofMean(normal(25, 1)))).isGreaterThan(usual);
    }

    @Test
    void theSameSeedGivesTheSameEndsAndAnotherSeedOthers() {
        double[] sample = normal(20, 1);

        assertThat(USUAL.ofMean(sample)).isEqualTo(new Bootstrap(1000, 0.95, 7).ofMean(sample));
        assertThat(USUAL.ofMean(sample)).isNotEqualTo(new Bootstrap(1000, 0.95, 8).ofMean(sample));
    }

    @Test
    void movesAndScalesWithItsSample() {
        double[] sample = normal(20, 1);
        Ends ends = USUAL.ofMean(sample);

        Ends moved = USUAL.ofMean(DoubleStream.of(sample).map(v -> 4 * v - 3).toArray());

        assertThat(moved.lower()).isCloseTo(4 * ends.lower() - 3, within(1e-9));
        assertThat(moved.upper()).isCloseTo(4 * ends.upper() - 3, within(1e-9));
    }

    @Test
    void equalNumbersAndASingleOneHaveNoWidth() {
        assertThat(USUAL.ofMean(new double[] {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}))
                .isEqualTo(new Ends(0.1, 0.1));
        assertThat(USUAL.ofMean(new double[] {-2.7})).isEqualTo(new Ends(-2.7, -2.7));
    }

    @Test
    void aSingleDrawIsBothEnds() {
        Ends ends = new Bootstrap(1, 0.95, 2).ofMean(normal(9, 1));

        assertThat(ends.lower()).isEqualTo(ends.upper());
    }

    @Test
    void aMissingNumberLeavesNoInterval() {
        Ends ends = USUAL.ofMean(new double[] {1, Double.NaN, 2});

        assertThat(ends.lower()).isNaN();
        assertThat(ends.upper()).isNaN();
    }

    @Test
    void refusesWhatHasNoInterval() {
        assertThatThrownBy(() -> USUAL.ofMean(new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one number");
        assertThatThrownBy(() -> new Bootstrap(0, 0.95, 1)).hasMessageContaining("at least 1 draw");
        for (double level : new double[] {0, 1, -1, Double.NaN}) {
            assertThatThrownBy(() -> new Bootstrap(10, level, 1)).hasMessageContaining("between 0 and 1");
        }
    }

    private static double width(Ends ends) {
        return ends.upper() - ends.lower();
    }

    /** Mean 10, standard deviation 2. */
    private static double[] normal(int size, long seed) {
        Random random = new Random(seed);
        return DoubleStream.generate(() -> 10 + 2 * random.nextGaussian())
                .limit(size)
                .toArray();
    }
}
