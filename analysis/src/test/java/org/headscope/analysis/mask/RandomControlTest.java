package org.headscope.analysis.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomControlTest {
    private static final MaskShape SHAPE = new MaskShape(4, 4);
    private static final HeadMask MASK = HeadMask.none(SHAPE)
            .with(List.of(MaskUnit.head(0, 0), MaskUnit.head(0, 1), MaskUnit.head(3, 2)), MaskSetting.ZERO);

    private static RandomControl any(long seed) {
        return new RandomControl(seed, false, Set.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aControlHasAsManyHeadsAndNoneOfTheMask(long seed) {
        HeadMask control = any(seed).draw(MASK);
        assertThat(control.size()).isEqualTo(3);
        assertThat(control.intersect(MASK).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aControlFromTheSameLayersHasAsManyHeadsPerLayer(long seed) {
        HeadMask control = new RandomControl(seed, true, Set.of()).draw(MASK);
        assertThat(control.units(MaskUnit.Kind.HEAD))
                .extracting(MaskUnit::layer)
                .containsExactly(0, 0, 3);
        assertThat(control.intersect(MASK).isEmpty()).isTrue();
    }

    @Test
    void oneSeedDrawsTheSameHeadsAlways() {
        assertThat(any(7).draw(MASK)).isEqualTo(any(7).draw(MASK));
    }

    @Test
    void excludedHeadsAreNeverDrawn() {
        Set<MaskUnit> excluded = Set.of(MaskUnit.head(0, 2), MaskUnit.head(3, 0), MaskUnit.head(3, 1));
        HeadMask mask = HeadMask.none(SHAPE).with(List.of(MaskUnit.head(0, 0), MaskUnit.head(3, 2)), MaskSetting.ZERO);
        for (long seed = 0; seed < 50; seed++) {
            assertThat(new RandomControl(seed, true, excluded).draw(mask).entries())
                    .doesNotContainKeys(excluded.toArray(MaskUnit[]::new));
        }
    }

    @Test
    void settingsOfTheMaskAreKept() {
        HeadMask mask = HeadMask.none(SHAPE)
                .with(MaskUnit.head(0, 0), MaskSetting.gate(0.25))
                .with(MaskUnit.head(1, 0), MaskSetting.ZERO);
        assertThat(any(3).draw(mask).entries().values())
                .containsExactlyInAnyOrder(MaskSetting.gate(0.25), MaskSetting.ZERO);
    }

    @Test
    void tooFewHeadsLeftIsAnError() {
        HeadMask most = HeadMask.none(SHAPE).invert(MaskUnit.Kind.HEAD, MaskSetting.ZERO);
        assertThatThrownBy(() -> any(1).draw(most))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining("only 0 other heads are left");
    }

    @Test
    void anEmptyMaskHasAnEmptyControl() {
        assertThat(any(1).draw(HeadMask.none(SHAPE)).isEmpty()).isTrue();
    }

    /** Each of the 13 other heads is drawn in 3 of 13 controls on average; 1300 draws give 300 each, give or take 60. */
    @Test
    void allOtherHeadsAreDrawnAboutEquallyOften() {
        Map<MaskUnit, Integer> counts = new HashMap<>();
        for (long seed = 0; seed < 1300; seed++) {
            any(seed).draw(MASK).entries().keySet().forEach(head -> counts.merge(head, 1, Integer::sum));
        }
        assertThat(counts).hasSize(13);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(230, 370));
    }
}
