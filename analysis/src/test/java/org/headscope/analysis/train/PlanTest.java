package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final long STEPS = 10_000;
    private static final double PEAK = 2e-3;
    private static final Plan PLAN = new Plan(STEPS, 3072, PEAK, 6);

    @Test
    void theRateGoesUpInALineAndDownAlongACosine() {
        assertThat(PLAN.rate(0)).isCloseTo(PEAK / 150, within(1e-12));
        assertThat(PLAN.rate(74)).isCloseTo(PEAK / 2, within(1e-12));
        assertThat(PLAN.rate(149)).isCloseTo(PEAK, within(1e-12));
        assertThat(PLAN.rate(150)).isCloseTo(PEAK, within(1e-12));
        assertThat(PLAN.rate(150 + (STEPS - 150) / 2)).isCloseTo(PEAK * (0.03 + 0.97 / 2), within(1e-12));
        assertThat(PLAN.rate(150 + (STEPS - 150) / 3)).isLessThan(PEAK).isGreaterThan(PEAK * 0.74);
        assertThat(PLAN.rate(STEPS)).isCloseTo(PEAK * 0.03, within(1e-12));
        assertThat(PLAN.rate(2 * STEPS)).isCloseTo(PEAK * 0.03, within(1e-12));
    }

    @Test
    void aTrainingShorterThanTheWarmUpKeepsGoingUp() {
        Plan brief = new Plan(40, 128, 3e-3, 1);
        assertThat(brief.rate(39)).isCloseTo(3e-3 * 40 / 150, within(1e-12));
        Plan justWarm = new Plan(150, 128, 3e-3, 1);
        assertThat(justWarm.rate(149)).isCloseTo(3e-3, within(1e-12));
        assertThat(justWarm.rate(150)).isFinite();
    }

    @Test
    void shortRowsComeFirstAndLongOnesLast() {
        assertThat(shares(0, 1500)).containsOnlyKeys(64);
        Map<Integer, Double> second = shares(1500, 4500);
        assertThat(second).containsOnlyKeys(64, 128);
        assertThat(second.get(64)).isCloseTo(0.5, within(0.04));
        Map<Integer, Double> last = shares(4500, STEPS);
        assertThat(last).containsOnlyKeys(64, 128, 512);
        assertThat(last.get(64)).isCloseTo(0.45, within(0.03));
        assertThat(last.get(128)).isCloseTo(0.35, within(0.03));
        assertThat(last.get(512)).isCloseTo(0.2, within(0.03));
    }

    private static Map<Integer, Double> shares(long from, long to) {
        return LongStream.range(from, to)
                .boxed()
                .collect(Collectors.groupingBy(
                        PLAN::rowLength, TreeMap::new, Collectors.summingDouble(step -> 1.0 / (to - from))));
    }

    @Test
    void rowLengthsDependOnSeedAndStepAlone() {
        Plan same = new Plan(STEPS, 64, 1, 6);
        Plan other = new Plan(STEPS, 64, 1, 7);
        assertThat(lengths(same)).isEqualTo(lengths(PLAN)).isNotEqualTo(lengths(other));
    }

    private static int[] lengths(Plan plan) {
        return LongStream.range(9000, 9100).mapToInt(plan::rowLength).toArray();
    }

    @Test
    void theMixtureChangesAfterTwoFifthsAndRandomRowsComeInTheLastThird() {
        assertThat(PLAN.isLate(0)).isFalse();
        assertThat(PLAN.isLate(3999)).isFalse();
        assertThat(PLAN.isLate(4000)).isTrue();
        assertThat(PLAN.isLate(STEPS)).isTrue();
        assertThat(PLAN.hasRandomRows(6599)).isFalse();
        assertThat(PLAN.hasRandomRows(6600)).isTrue();
    }

    @Test
    void aStepHasTheTokensAskedForButAtLeastOneRow() {
        Plan small = new Plan(STEPS, 100, 1, 6);
        for (long step = 0; step < STEPS; step += 97) {
            assertThat(PLAN.rows(step) * PLAN.rowLength(step)).isEqualTo(3072);
            assertThat(small.rows(step)).isOne();
        }
    }
}
