package org.headscope.analysis.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headscope.hooks.intervene.Ablation.Mode;

/** Random masks for property tests. */
public final class SampleMasks {
    private SampleMasks() {}

    /** Heads only, zero or gates in hundredths, which is what a matrix can carry. */
    public static HeadMask ofMatrix(long seed) {
        Random random = new Random(seed);
        MaskShape shape = new MaskShape(1 + random.nextInt(6), 1 + random.nextInt(6));
        HeadMask mask = HeadMask.none(shape);
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (MaskUnit head : mask.shape().headsOf(layer)) {
                if (random.nextInt(3) == 0) {
                    double gate = (1 + random.nextInt(99)) / 100.0;
                    mask = mask.with(head, random.nextBoolean() ? MaskSetting.ZERO : MaskSetting.gate(gate));
                }
            }
        }
        return mask;
    }

    /** Everything a mask can hold. */
    public static HeadMask any(long seed) {
        Random random = new Random(seed);
        HeadMask mask = ofMatrix(seed);
        for (int layer = 0; layer < mask.shape().layers(); layer++) {
            MaskUnit head = MaskUnit.head(layer, random.nextInt(mask.shape().heads()));
            mask = mask.with(head, setting(random));
            if (random.nextBoolean()) {
                mask = mask.with(MaskUnit.mlp(layer), MaskSetting.gate(random.nextDouble()));
            }
            if (random.nextBoolean()) {
                mask = mask.with(List.of(MaskUnit.attention(layer), MaskUnit.layer(layer)), MaskSetting.ZERO);
            }
        }
        return mask;
    }

    private static MaskSetting setting(Random random) {
        List<MaskSetting> all = new ArrayList<>(List.of(MaskSetting.gate(random.nextDouble()), MaskSetting.gate(1)));
        List.of(Mode.ZERO, Mode.MEAN, Mode.RESAMPLE, Mode.UNIFORM).forEach(mode -> all.add(MaskSetting.of(mode)));
        return all.get(random.nextInt(all.size()));
    }
}
