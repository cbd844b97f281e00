package org.headscope.analysis.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.headscope.analysis.result.Table;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.StreamingWindow;
import org.junit.jupiter.api.Test;

class KvChoiceTest {
    private static final double[] GATES = {0.1, 0.9, 0.4, 0.8, 0, 1, 0.3, 0.2};
    private static final Dims DIMS = new Dims(2, 8, 4, 16, 2, 0, 16, 16);

    @Test
    void theQuantileDecides() {
        assertThat(KvChoice.of(GATES, 0.5, 1).full())
                .containsExactly(false, true, true, true, false, true, false, false);
        assertThat(KvChoice.of(GATES, 0.75, 1).full())
                .containsExactly(false, true, false, false, false, true, false, false);
        assertThat(KvChoice.of(GATES, 0, 1).size()).isEqualTo(8);
        assertThat(KvChoice.of(GATES, 1, 1).size()).isZero();
    }

    @Test
    void equalGatesAreDividedByChanceAndTheSeedDecides() {
        KvChoice one = KvChoice.of(new double[40], 0.5, 1);

        assertThat(one.size()).isEqualTo(20);
        assertThat(KvChoice.of(new double[40], 0.5, 1).full()).isEqualTo(one.full());
        assertThat(KvChoice.of(new double[40], 0.5, 2).full()).isNotEqualTo(one.full());
    }

    @Test
    void queryHeadsOfAGroupStreamTogether() {
        StreamingWindow window = new StreamingWindow(2, 3);

        assertThat(KvChoice.of(GATES, 0.5, 1).interventions(DIMS, window))
                .containsExactly(
                        new Intervention.Streaming(0, Set.of(0, 1), window),
                        new Intervention.Streaming(1, Set.of(0, 1, 4, 5, 6, 7), window));
        assertThat(KvChoice.all(8, true).interventions(DIMS, window)).isEmpty();
        assertThat(KvChoice.of(GATES, 0.5, 1).streaming(DIMS)).isEqualTo("0.0 1.0 1.2 1.3");
    }

    @Test
    void randomChoicesHaveTheSameSizeAndCoverAllHeads() {
        KvChoice chosen = KvChoice.of(GATES, 0.75, 1);
        SplittableRandom random = new SplittableRandom(3);
        int[] times = new int[8];
        for (int i = 0; i < 4000; i++) {
            KvChoice drawn = chosen.random(random);
            assertThat(drawn.size()).isEqualTo(2);
            for (int head = 0; head < 8; head++) {
                times[head] += drawn.full()[head] ? 1 : 0;
            }
        }
        for (int count : times) {
            assertThat(count / 4000.0).isCloseTo(0.25, within(0.04));
        }
    }

    /** Ranks of the two scores differ by one swap of neighbours: rho = 1 - 6 * 2 / (8 * 63). */
    @Test
    void agreementCountsTheBestRetrievalHeadsThatStayFull() {
        double[] retrieval = {0.1, 0.8, 0.4, 0.9, 0, 1, 0.3, 0.2};

        Table table = RetrievalAgreement.table(retrieval, GATES, KvChoice.of(GATES, 0.5, 1), 1);

        List<Object> row = table.rows().get(0);
        assertThat((double) row.get(1)).isCloseTo(1 - 12 / 504.0, within(1e-12));
        assertThat((double) row.get(2)).isLessThan(0.01);
        assertThat(row.subList(3, 6)).containsExactly(2L, 2L, 1.0);
    }

    @Test
    void aModelWithoutNeedlesHasNoAgreement() {
        double[] none = new double[8];
        none[3] = Double.NaN;
        List<Object> row = RetrievalAgreement.table(none, GATES, KvChoice.of(GATES, 0.5, 1), 1)
                .rows()
                .get(0);

        assertThat(row.get(1)).isEqualTo(Double.NaN);
        assertThat(row.get(3)).isEqualTo(0L);
    }
}
