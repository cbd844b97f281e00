package org.headscope.hooks.handbuilt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers that the hand-built models were built to give. */
class HandBuiltModelsTest {
    private static final HookSite Z = HookSite.of(SiteKind.Z, 0);
    private static final HookSite PATTERN = HookSite.of(SiteKind.PATTERN, 0);
    private static final int[] SEEN = {OrModel.OTHER, OrModel.SIGNAL, OrModel.OTHER, OrModel.OTHER};
    private static final int[] NOT_SEEN = {OrModel.OTHER, OrModel.OTHER, OrModel.OTHER, OrModel.OTHER};

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 64})
    void theSinkHasItsClosedForm(int tokens) {
        try (HookedTransformer model = SinkModel.create(20);
                RunResult run = run(model, new int[tokens], List.of(), PATTERN)) {
            NDArray toFirst = run.cache().get(PATTERN).get("0, :, :, 0").mean(new int[] {1});
            assertThat((double) toFirst.getFloat(SinkModel.SINK_HEAD))
                    .isCloseTo(SinkModel.sinkScore(20, tokens), within(1e-5));
            double harmonic = 0;
            for (int t = 1; t <= tokens; t++) {
                harmonic += 1.0 / t;
            }
            assertThat((double) toFirst.getFloat(SinkModel.UNIFORM_HEAD)).isCloseTo(harmonic / tokens, within(1e-6));
        }
    }

    @Test
    void withoutItsQueryBiasTheSinkIsGone() {
        try (HookedTransformer model = SinkModel.create(20);
                RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[8]))
                        .hook("no query", HookSite.of(SiteKind.Q, 0), (value, point) -> value.zerosLike())
                        .capture(PATTERN)
                        .build())) {
            assertThat(run.cache().get(PATTERN).getFloat(0, SinkModel.SINK_HEAD, 7, 0))
                    .isCloseTo(1f / 8, within(1e-6f));
        }
    }

    @Test
    void theCopyingHeadPredictsTheTokenAtItsDistance() {
        int[] ids = range(1, 20);
        try (HookedTransformer model = CopyRetrievalModel.create();
                RunResult run = run(model, ids, List.of())) {
            int next = ids[ids.length - CopyRetrievalModel.DISTANCE];
            assertThat(run.logits().getFloat(0, ids.length - 1, next))
                    .isCloseTo((float) CopyRetrievalModel.LOGIT, within(1e-5f));
        }
    }

    @Test
    void zeroAndUniformMasksOfTheCopyingHeadGiveDifferentKnownLogits() {
        int[] ids = {5, 5, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22};
        Target head = new Target.Head(0, CopyRetrievalModel.HEAD);
        try (HookedTransformer model = CopyRetrievalModel.create();
                RunResult zero = run(model, ids, List.of(new Intervention.Ablate(head, new Ablation.Zero())));
                RunResult uniform = run(model, ids, List.of(new Intervention.Ablate(head, new Ablation.Uniform())))) {
            assertThat(zero.logits().abs().max().getFloat()).isZero();
            assertThat(uniform.logits().getFloat(0, 19, 5)).isCloseTo(10 * 3 / 20f, within(1e-6f));
            assertThat(uniform.logits().getFloat(0, 19, 22)).isCloseTo(10 * 1 / 20f, within(1e-6f));
            assertThat(uniform.logits().getFloat(0, 19, 1)).isZero();
        }
    }

    @Test
    void zeroedValuesOfOneKeyValueHeadSilenceItsWholeGroup() {
        int[] ids = {1, 2, 3, 4, 5};
        try (HookedTransformer model = GqaModel.create();
                RunResult whole = run(model, ids, List.of());
                RunResult masked = model.run(RunRequest.of(TokenBatch.of(ids))
                        .hook(
                                "mask",
                                HookSite.of(SiteKind.V, 0),
                                (v, point) -> v.mul(v.getManager().create(new float[] {0, 1}, new Shape(1, 1, 2, 1))))
                        .build())) {
            assertThat(row(whole, 4)).containsExactly(new float[] {0, 1, 2, 4, 8, 0, 0, 0}, within(1e-5f));
            assertThat(row(masked, 4)).containsExactly(new float[] {0, 0, 0, 4, 8, 0, 0, 0}, within(1e-5f));
        }
    }

    @Test
    void aZeroedHeadOfAGroupLeavesItsPartnerAlone() {
        int[] ids = {1, 2, 3, 4, 5};
        try (HookedTransformer model = GqaModel.create();
                RunResult masked =
                        run(model, ids, List.of(new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero())))) {
            assertThat(row(masked, 4)).containsExactly(new float[] {0, 1, 0, 4, 8, 0, 0, 0}, within(1e-5f));
        }
    }

    @Test
    void keysAndValuesHaveOneColumnPerKeyValueHead() {
        try (HookedTransformer model = GqaModel.create()) {
            assertThat(model.sites().shapeOf(HookSite.of(SiteKind.K, 0), 1, 5)).isEqualTo(new Shape(1, 5, 2, 16));
            assertThat(model.sites().shapeOf(Z, 1, 5)).isEqualTo(new Shape(1, 5, 4, 16));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void denoisingFindsEachHeadOfAnOr(int head) {
        assertThat(yes(NOT_SEEN, SEEN, Set.of(head))).isCloseTo(10, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void noisingFindsNoHeadOfAnOr(int head) {
        assertThat(yes(SEEN, NOT_SEEN, Set.of(head))).isCloseTo(10, within(1e-5));
    }

    @Test
    void noisingBothHeadsOfAnOrDestroysTheAnswer() {
        assertThat(yes(SEEN, NOT_SEEN, Set.of(0, 1))).isCloseTo(0, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void ablatingOneHeadOfAnOrHasNoEffect(int head) {
        try (HookedTransformer model = OrModel.create();
                RunResult run = run(
                        model, SEEN, List.of(new Intervention.Ablate(new Target.Head(0, head), new Ablation.Zero())))) {
            assertThat(run.logits().getFloat(0, 3, OrModel.YES)).isCloseTo(10, within(1e-5f));
        }
    }

    @Test
    void inTheLinearModelAttributionEqualsPatchingForEveryHead() {
        int[] clean = {1, 2, 3, 4, 5};
        int[] corrupt = {1, 7, 3, 9, 5};
        try (HookedTransformer model = LinearModel.create()) {
            for (int layer = 0; layer < 2; layer++) {
                HookSite z = HookSite.of(SiteKind.Z, layer);
                try (RunResult source = run(model, clean, List.of(), z);
                        Gradients.Result at = gradient(model, corrupt, z)) {
                    float[] attribution = source.cache()
                            .get(z)
                            .sub(at.activations().get(z))
                            .mul(at.gradients().get(z))
                            .sum(new int[] {0, 1, 3})
                            .toFloatArray();
                    for (int h = 0; h < 2; h++) {
                        var patch = new Intervention.Patch(z, Region.head(h), source.cache());
                        try (RunResult run = run(model, corrupt, List.of(patch))) {
                            double effect = difference(run) - at.metric();
                            assertThat((double) attribution[h]).isCloseTo(effect, within(2e-5));
                            assertThat(Math.abs(effect)).isGreaterThan(1e-3);
                        }
                    }
                }
            }
        }
    }

    /** Resid_post = embed + pos + heads + MLPs, so unembedding each part alone adds up to the logit without its bias. */
    @Test
    void inTheLinearModelDirectAttributionsAddUpToTheLogitLessItsBias() {
        int[] ids = {3, 1, 4, 1, 5};
        HookSite[] parts = {
            HookSite.global(SiteKind.EMBED),
            HookSite.global(SiteKind.POS_EMBED),
            HookSite.of(SiteKind.ATTN_OUT, 0),
            HookSite.of(SiteKind.MLP_OUT, 0),
            HookSite.of(SiteKind.ATTN_OUT, 1),
            HookSite.of(SiteKind.MLP_OUT, 1)
        };
        try (HookedTransformer model = LinearModel.create();
                RunResult run = run(model, ids, List.of(), parts)) {
            NDArray direction = model.weights().unembed().unembed().weight().get(6);
            double sum = 0;
            for (HookSite part : parts) {
                sum += run.cache().get(part).get(0, 4).dot(direction).getFloat();
            }
            float bias = java.util.Objects.requireNonNull(
                            model.weights().unembed().unembed().bias())
                    .getFloat(6);
            assertThat(sum).isCloseTo(run.logits().getFloat(0, 4, 6) - bias, within(2e-5));
        }
    }

    private static Gradients.Result gradient(HookedTransformer model, int[] ids, HookSite site) {
        RunRequest request =
                RunRequest.of(TokenBatch.of(ids)).capture(site).lastLogits().build();
        return new Gradients(model).of(request, logits -> logits.get(0, 0, 6).sub(logits.get(0, 0, 2)));
    }

    private static double difference(RunResult run) {
        long last = run.logits().getShape().get(1) - 1;
        return (double) run.logits().getFloat(0, last, 6) - run.logits().getFloat(0, last, 2);
    }

    private static double yes(int[] into, int[] from, Set<Integer> heads) {
        try (HookedTransformer model = OrModel.create();
                RunResult source = run(model, from, List.of(), Z);
                RunResult run = run(
                        model,
                        into,
                        List.of(new Intervention.Patch(Z, new Region(heads, null, null), source.cache())))) {
            return (double) run.logits().getFloat(0, 3, OrModel.YES)
                    - run.logits().getFloat(0, 3, OrModel.NO);
        }
    }

    private static RunResult run(
            HookedTransformer model, int[] ids, List<Intervention> interventions, HookSite... sites) {
        return model.run(RunRequest.of(TokenBatch.of(ids))
                .edits(new Interventions(model.config()).compile(interventions))
                .capture(sites)
                .build());
    }

    private static float[] row(RunResult run, int position) {
        return run.logits().get(0, position).toFloatArray();
    }

    private static int[] range(int from, int count) {
        return java.util.stream.IntStream.range(from, from + count).toArray();
    }
}
