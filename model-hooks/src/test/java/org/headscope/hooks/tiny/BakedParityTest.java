package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.bake.BakedCheckpoint;
import org.headscope.hooks.bake.Silenced;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A checkpoint with heads and an MLP silenced gives the logits that masking them with zero gives, in every family. */
@Tag("engine")
class BakedParityTest {
    private static final String FAMILIES = "org.headscope.hooks.tiny.TinyModel#families";

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void silencedHeadsAndMlpGiveTheLogitsOfTheMask(String family, @TempDir Path scratch) {
        Path folder = scratch.resolve("baked");
        try (TinyModel tiny = TinyModel.open(family)) {
            Target.Head first = new Target.Head(0, 1);
            Target.Head last = new Target.Head(tiny.layers() - 1, 0);
            Target.Mlp mlp = new Target.Mlp(1);
            BakedCheckpoint.write(
                    tiny.model(), new Silenced(Set.of(first, last), new TreeSet<>(), new TreeSet<>(Set.of(1))), folder);
            float[] masked = tiny.logits(
                    tiny.model(),
                    new Interventions(tiny.model().config()).compile(List.of(zero(first), zero(last), zero(mlp))));
            try (HookedTransformer baked = ModelLoader.load(folder);
                    RunResult run =
                            baked.run(RunRequest.of(tiny.golden().batch()).build())) {
                float[] logits = run.logits().toFloatArray();
                assertThat(TinyModel.distance(logits, masked)).isLessThanOrEqualTo(1e-5);
                assertThat(TinyModel.distance(logits, tiny.logits())).isGreaterThan(1e-4);
            }
        }
    }

    private static Intervention zero(Target target) {
        return new Intervention.Ablate(target, new Ablation.Zero());
    }
}
