package org.headscope.analysis.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadMaskTest {
    private static final MaskShape SHAPE = new MaskShape(3, 4);
    private static final HeadMask NONE = HeadMask.none(SHAPE);
    private static final MaskUnit A = MaskUnit.head(0, 1);
    private static final MaskUnit B = MaskUnit.head(2, 3);
    private static final MaskSetting HALF = MaskSetting.gate(0.5);

    @Test
    void theShapeCountsQueryHeadsUnderGroupedQueryAttention() {
        assertThat(MaskShape.of(new Dims(2, 8, 4, 64, 8, 128, 32, 100))).isEqualTo(new MaskShape(2, 8));
    }

    @Test
    void addingAPartLeavesTheOldMaskAsItWas() {
        HeadMask more = NONE.with(A, MaskSetting.ZERO);
        assertThat(NONE.isEmpty()).isTrue();
        assertThat(more.setting(A)).contains(MaskSetting.ZERO);
    }

    @Test
    void togglingTwiceLeavesTheMaskAsItWas() {
        HeadMask mask = NONE.with(B, HALF);
        assertThat(mask.toggle(A, MaskSetting.ZERO).toggle(A, MaskSetting.ZERO)).isEqualTo(mask);
    }

    @Test
    void togglingAMaskedPartFreesItWhateverItsSetting() {
        assertThat(NONE.with(A, HALF).toggle(A, MaskSetting.ZERO)).isEqualTo(NONE);
    }

    @Test
    void aWholeLayerIsAllItsHeads() {
        assertThat(NONE.with(SHAPE.headsOf(1), MaskSetting.ZERO).units(MaskUnit.Kind.HEAD))
                .containsExactly(MaskUnit.head(1, 0), MaskUnit.head(1, 1), MaskUnit.head(1, 2), MaskUnit.head(1, 3));
    }

    @Test
    void aHeadOutsideTheGridIsRefused() {
        assertThatThrownBy(() -> NONE.with(MaskUnit.head(2, 4), MaskSetting.ZERO))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining("2.4")
                .hasMessageContaining("3 layers x 4 heads");
    }

    @Test
    void aLayerOutsideTheGridIsRefused() {
        assertThatThrownBy(() -> NONE.with(MaskUnit.mlp(3), MaskSetting.ZERO)).isInstanceOf(MaskException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
    void aGateOutsideZeroToOneIsRefused(double gate) {
        assertThatThrownBy(() -> MaskSetting.gate(gate)).isInstanceOf(MaskException.class);
    }

    @Test
    void uniformAttentionIsRefusedForAnMlp() {
        assertThatThrownBy(() -> NONE.with(MaskUnit.mlp(0), MaskSetting.of(Mode.UNIFORM)))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining("mlps take zero, mean, resample or gate");
    }

    @Test
    void modeLabelSaysWhetherAllPartsAgree() {
        assertThat(NONE.modeLabel()).isEqualTo("none");
        assertThat(NONE.with(A, HALF).with(B, MaskSetting.gate(0.1)).modeLabel())
                .isEqualTo("gate");
        assertThat(NONE.with(A, HALF).with(B, MaskSetting.ZERO).modeLabel()).isEqualTo("mixed");
    }

    @Test
    void inAUnionTheSettingOfTheOtherMaskCounts() {
        assertThat(NONE.with(A, MaskSetting.ZERO).union(NONE.with(A, HALF)).setting(A))
                .contains(HALF);
    }

    @Test
    void inAnIntersectionTheOwnSettingCounts() {
        assertThat(NONE.with(A, MaskSetting.ZERO).intersect(NONE.with(A, HALF)).setting(A))
                .contains(MaskSetting.ZERO);
    }

    @Test
    void masksOfDifferentModelsAreNotCombined() {
        HeadMask other = HeadMask.none(new MaskShape(3, 5));
        assertThatThrownBy(() -> NONE.union(other))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining("different models");
    }

    @Test
    void invertingHeadsMasksAllOthersAndLeavesOtherKindsAlone() {
        HeadMask circuit = NONE.with(List.of(A, B), HALF).with(MaskUnit.mlp(1), HALF);
        HeadMask rest = circuit.invert(MaskUnit.Kind.HEAD, MaskSetting.ZERO);
        assertThat(rest.units(MaskUnit.Kind.HEAD)).hasSize(10).doesNotContain(A, B);
        assertThat(rest.setting(MaskUnit.mlp(1))).contains(HALF);
    }

    @Test
    void diffTellsAddedRemovedAndChangedParts() {
        MaskUnit c = MaskUnit.head(1, 1);
        HeadMask before = NONE.with(A, MaskSetting.ZERO).with(B, MaskSetting.ZERO);
        HeadMask after = NONE.with(B, HALF).with(c, MaskSetting.ZERO);
        MaskDiff diff = before.diff(after);
        assertThat(diff.added()).containsOnlyKeys(c);
        assertThat(diff.removed()).containsOnlyKeys(A);
        assertThat(diff.changed()).containsOnlyKeys(B).containsValue(HALF);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void setLawsHold(long seed) {
        HeadMask a = SampleMasks.any(seed);
        HeadMask b = a.invert(MaskUnit.Kind.HEAD, MaskSetting.ZERO)
                .union(a.without(List.of(a.entries().firstKey())));
        assertThat(a.minus(b).union(a.intersect(b))).isEqualTo(a);
        assertThat(a.union(b).minus(b)).isEqualTo(a.minus(b));
        assertThat(a.diff(a).isEmpty()).isTrue();
        MaskDiff diff = a.diff(b);
        HeadMask patched = a.without(diff.removed().keySet())
                .union(HeadMask.of(a.shape(), diff.added()))
                .union(HeadMask.of(a.shape(), diff.changed()));
        assertThat(patched).isEqualTo(b);
    }

    @Test
    void invertingTwiceGivesTheSameHeads() {
        HeadMask mask = NONE.with(List.of(A, B), MaskSetting.ZERO);
        assertThat(mask.invert(MaskUnit.Kind.HEAD, MaskSetting.ZERO).invert(MaskUnit.Kind.HEAD, MaskSetting.ZERO))
                .isEqualTo(mask);
    }
}
