package org.headscope.hooks.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.HookEdit;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.Garbage;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.Test;

/** What the backward pass reads must survive a garbage collection after the forward pass. */
class GradientMemoryTest {
    private static final HookSite FIRST = HookSite.global(SiteKind.EMBED);
    /** Sizes of the scalars, gates and masks of small models, in bytes. */
    private static final int[] SIZES = {4, 5, 8, 16, 100};

    @Test
    void tanhGeluAndAttentionScale() {
        unharmed(SmallModels.gpt2(), List.of());
    }

    @Test
    void rotaryPositionsAndGates() {
        unharmed(SmallModels.llama(), List.of());
    }

    @Test
    void softcapsAndSigmoidGelu() {
        unharmed(SmallModels.capped(), List.of());
    }

    @Test
    void gatedAndUniformHeads() {
        HookedTransformer model = SmallModels.gpt2();
        unharmed(
                model,
                new Interventions(model.config())
                        .compile(List.of(
                                new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Gate(2)),
                                new Intervention.Ablate(new Target.Head(1, 0), new Ablation.Uniform()))));
    }

    @Test
    void arraysAndScalarsOfAHook() {
        HookSite site = HookSite.of(SiteKind.MLP_OUT, 0);
        unharmed(SmallModels.gpt2(), List.of(new HookEdit("scale", site, (value, point) -> value.mul(
                        Scalar.of(0.5, value))
                .mul(value.getManager().create(new float[] {1, 2, 3, 4, 5}).reshape(1, 5, 1)))));
    }

    private static void unharmed(HookedTransformer model, List<SiteEdit> edits) {
        try (model) {
            Acts calm = gradient(model, edits, GradientMemoryTest::metric);
            Acts disturbed = gradient(model, edits, logits -> {
                NDArray metric = metric(logits);
                assertThat(Garbage.overwriteFreedMemory(SIZES)).isNotEmpty();
                return metric;
            });
            assertThat(disturbed.distance(calm)).isZero();
        }
    }

    private static Acts gradient(HookedTransformer model, List<SiteEdit> edits, UnaryOperator<NDArray> metric) {
        RunRequest request =
                RunRequest.of(Slope.TOKENS).edits(edits).capture(FIRST).build();
        try (Gradients.Result result = new Gradients(model).of(request, metric)) {
            return Acts.of(result.gradients().get(FIRST));
        }
    }

    private static NDArray metric(NDArray logits) {
        return logits.get(0, 4, 7).sub(logits.get(0, 4, 2));
    }
}
