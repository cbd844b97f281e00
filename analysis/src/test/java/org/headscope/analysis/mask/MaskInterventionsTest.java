package org.headscope.analysis.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Intervention.Skip;
import org.headscope.hooks.intervene.Target;
import org.junit.jupiter.api.Test;

class MaskInterventionsTest {
    private static final HeadMask NONE = HeadMask.none(new MaskShape(3, 4));
    private static final MaskInterventions WITHOUT_REFERENCES = new MaskInterventions(Map.of());

    @Test
    void everyPartBecomesOneIntervention() {
        HeadMask mask = NONE.with(MaskUnit.head(2, 1), MaskSetting.gate(0.25))
                .with(MaskUnit.head(0, 3), MaskSetting.of(Mode.UNIFORM))
                .with(MaskUnit.mlp(1), MaskSetting.ZERO)
                .with(MaskUnit.attention(1), MaskSetting.ZERO)
                .with(MaskUnit.layer(2), MaskSetting.ZERO);
        assertThat(WITHOUT_REFERENCES.compile(mask))
                .containsExactly(
                        new Intervention.Ablate(new Target.Head(0, 3), new Ablation.Uniform()),
                        new Intervention.Ablate(new Target.Head(2, 1), new Ablation.Gate(0.25)),
                        new Skip(Skip.Part.ATTENTION, 1),
                        new Intervention.Ablate(new Target.Mlp(1), new Ablation.Zero()),
                        new Skip(Skip.Part.BLOCK, 2));
    }

    @Test
    void meanWithoutAReferenceSetIsRefused() {
        HeadMask mask = NONE.with(MaskUnit.head(2, 1), MaskSetting.of(Mode.MEAN));
        assertThatThrownBy(() -> WITHOUT_REFERENCES.compile(mask))
                .isInstanceOf(MaskException.class)
                .hasMessageContaining("2.1 is to be replaced (mean)");
    }
}
