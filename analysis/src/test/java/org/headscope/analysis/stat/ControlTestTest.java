package org.headscope.analysis.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ControlTestTest {
    @Test
    void theChosenSetIsCountedAmongTheRandomOnes() {
        assertThat(new ControlTest(5, new double[] {1, 2, 3, 4}).p()).isEqualTo(0.2);
        assertThat(new ControlTest(5, new double[] {1, 5, 6, 4}).p()).isEqualTo(0.6);
        assertThat(new ControlTest(0, new double[] {1, 2, 3, 4}).p()).isEqualTo(1);
    }

    @Test
    void anUnknownControlIsNoEvidence() {
        assertThat(new ControlTest(5, new double[] {Double.NaN, 1}).p()).isEqualTo(2.0 / 3);
        assertThat(new ControlTest(Double.NaN, new double[] {1}).p()).isNaN();
    }

    @Test
    void withoutControlsThereIsNoComparison() {
        assertThatThrownBy(() -> new ControlTest(1, new double[0])).hasMessageContaining("at least one random set");
    }

    @Test
    void theTableShowsWhatWasCompared() {
        assertThat(new ControlTest(5, new double[] {1, 3})
                        .table("Chance", "nats")
                        .rows())
                .containsExactly(List.of(5.0, 2.0, 1.0 / 3, 2L));
    }
}
