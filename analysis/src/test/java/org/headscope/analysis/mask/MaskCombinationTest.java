package org.headscope.analysis.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.junit.jupiter.api.Test;

class MaskCombinationTest {
    private static final MaskShape SHAPE = new MaskShape(2, 4);
    private static final MaskUnit BOTH = MaskUnit.head(1, 2);
    private static final MaskUnit ALIKE = MaskUnit.head(1, 0);
    private static final HeadMask FIRST =
            HeadMask.none(SHAPE).with(List.of(BOTH, ALIKE, MaskUnit.head(0, 1)), MaskSetting.ZERO);
    private static final HeadMask SECOND = HeadMask.none(SHAPE)
            .with(BOTH, MaskSetting.gate(0.25))
            .with(ALIKE, MaskSetting.ZERO)
            .with(MaskUnit.mlp(1), MaskSetting.of(Mode.ZERO));

    @Test
    void settingsOfTheChosenMaskHoldInUnionAndIntersection() {
        HeadMask union = MaskCombination.UNION.of(FIRST, SECOND, true);
        assertThat(union.entries().keySet()).containsExactly(MaskUnit.head(0, 1), ALIKE, BOTH, MaskUnit.mlp(1));
        assertThat(union.setting(BOTH)).contains(MaskSetting.ZERO);
        assertThat(MaskCombination.UNION.of(FIRST, SECOND, false).setting(BOTH)).contains(MaskSetting.gate(0.25));
        assertThat(MaskCombination.INTERSECTION.of(FIRST, SECOND, true))
                .isEqualTo(HeadMask.none(SHAPE).with(List.of(ALIKE, BOTH), MaskSetting.ZERO));
        assertThat(MaskCombination.INTERSECTION.of(FIRST, SECOND, false).setting(BOTH))
                .contains(MaskSetting.gate(0.25));
        assertThat(MaskCombination.DIFFERENCE.of(FIRST, SECOND, true))
                .isEqualTo(HeadMask.none(SHAPE).with(MaskUnit.head(0, 1), MaskSetting.ZERO));
    }

    @Test
    void conflictsAreThePartsThatBothMaskDifferently() {
        assertThat(MaskCombination.conflicts(FIRST, SECOND))
                .containsOnlyKeys(BOTH)
                .containsValue(new MaskCombination.Conflict(MaskSetting.ZERO, MaskSetting.gate(0.25)));
    }

    @Test
    void maskIsReadBackFromWhatItWasCompiledTo() {
        HeadMask mask = SECOND.with(MaskUnit.attention(0), MaskSetting.ZERO)
                .with(MaskUnit.layer(1), MaskSetting.ZERO)
                .with(MaskUnit.head(0, 3), MaskSetting.of(Mode.UNIFORM));
        assertThat(MaskInterventions.read(SHAPE, new MaskInterventions(Map.of()).compile(mask)))
                .isEqualTo(mask);
    }
}
