package org.headscope.hooks.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.site.UnknownSiteException;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.NativeCount;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientsTest {
    private static final TokenBatch TOKENS = Slope.TOKENS;
    private static final HookSite Z = HookSite.of(SiteKind.Z, 0);

    /** Kinds of models that differ in what the gradient passes through. */
    private enum Style {
        GPT2,
        LLAMA,
        WINDOW,
        PARALLEL,
        POST_NORM,
        CAPPED;

        HookedTransformer model() {
            return switch (this) {
                case GPT2 -> SmallModels.gpt2();
                case LLAMA -> SmallModels.llama();
                case WINDOW -> SmallModels.windowed(3);
                case PARALLEL -> SmallModels.arranged(Arrangement.PARALLEL);
                case POST_NORM -> SmallModels.arranged(Arrangement.POST_NORM);
                case CAPPED -> SmallModels.capped();
            };
        }
    }

    /** Along any direction, the slope of the metric is the gradient times that direction. */
    @ParameterizedTest
    @EnumSource(Style.class)
    void gradientsOfEverySiteAreTheSlopesOfTheMetric(Style style) {
        try (HookedTransformer model = style.model()) {
            for (HookSite site : sites(model)) {
                slopeAgrees(model, site, List.of());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SiteKind.class,
            names = {"RESID_PRE", "Z", "PATTERN", "Q", "MLP_POST"})
    void gradientsUnderInterventionsAreTheSlopesOfTheMetricUnderThem(SiteKind kind) {
        try (HookedTransformer model = SmallModels.gpt2()) {
            List<SiteEdit> edits = new Interventions(model.config())
                    .compile(List.of(
                            new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
                            new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Gate(2)),
                            new Intervention.Ablate(new Target.Head(1, 0), new Ablation.Uniform())));
            slopeAgrees(model, HookSite.of(kind, 0), edits);
        }
    }

    @Test
    void theMetricIsThatOfAPlainRun() {
        try (HookedTransformer model = SmallModels.gpt2();
                Gradients.Result result = gradient(model, List.of(), Z);
                RunResult run = model.run(RunRequest.of(TOKENS).build())) {
            assertThat(result.metric()).isCloseTo(metric(run.logits()).getFloat(), within(1e-5));
        }
    }

    @Test
    void activationsAreThoseOfAPlainRun() {
        try (HookedTransformer model = SmallModels.llama();
                Gradients.Result result = gradient(model, List.of(), Z)) {
            assertThat(Acts.of(result.activations().get(Z)).distance(Acts.at(Z, model, TOKENS)))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void manySitesAtOnceGiveWhatEachGivesAlone() {
        try (HookedTransformer model = SmallModels.llama()) {
            HookSite[] all = together(model);
            try (Gradients.Result together = gradient(model, List.of(), all)) {
                for (HookSite site : all) {
                    try (Gradients.Result alone = gradient(model, List.of(), site)) {
                        assertThat(Acts.of(together.gradients().get(site))
                                        .distance(Acts.of(alone.gradients().get(site))))
                                .as(site.name())
                                .isLessThan(1e-5);
                    }
                }
            }
        }
    }

    @Test
    void aSharedNormAndResidualCopiesPerHeadAreRefusedTogether() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            assertThatThrownBy(() -> gradient(
                            model, List.of(), HookSite.of(SiteKind.LN1_SCALE, 0), HookSite.of(SiteKind.Q_INPUT, 0)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("exclude each other");
        }
    }

    @Test
    void whatTheMetricDoesNotReadHasNoGradient() {
        try (HookedTransformer model = SmallModels.gpt2();
                Gradients.Result result = gradient(model, List.of(), Z)) {
            Acts gradients = Acts.of(result.gradients().get(Z));
            assertThat(gradients.distance(gradients.map((at, old) -> at[0] == 1 ? 0 : old)))
                    .isZero();
            assertThat(gradients.distance(gradients.map((at, old) -> 0))).isGreaterThan(1e-3);
        }
    }

    @Test
    void receiptsTellWhatActed() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            List<SiteEdit> edits = new Interventions(model.config())
                    .compile(List.of(new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero())));
            try (Gradients.Result result = gradient(model, edits, Z)) {
                assertThat(result.receipts()).singleElement().satisfies(receipt -> assertThat(receipt.label())
                        .isEqualTo("0.1 zero"));
            }
        }
    }

    @Test
    void tokenIdsHaveNoGradient() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            assertThatThrownBy(() -> gradient(model, List.of(), HookSite.global(SiteKind.TOKENS)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("hook_embed");
        }
    }

    @Test
    void aSiteThatTheModelLacksIsRefused() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            assertThatThrownBy(() -> gradient(model, List.of(), HookSite.of(SiteKind.ROT_K, 0)))
                    .isInstanceOf(UnknownSiteException.class);
        }
    }

    @Test
    void aMetricThatReadsNoLogitIsRefused() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            RunRequest request = RunRequest.of(TOKENS).capture(Z).build();
            assertThatThrownBy(() -> new Gradients(model)
                            .of(request, logits -> logits.getManager().create(1f)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("does not depend");
        }
    }

    @Test
    void aMetricThatIsNoScalarIsRefused() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            RunRequest request = RunRequest.of(TOKENS).capture(Z).build();
            assertThatThrownBy(() -> new Gradients(model).of(request, logits -> logits.get("0, 4")))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("scalar");
        }
    }

    @Test
    void aRunAfterAGradientIsBitIdenticalToOneBefore() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            Acts before = Acts.logits(model, TOKENS);
            gradient(model, List.of(), Z).close();
            assertThat(Acts.logits(model, TOKENS).same(before)).isTrue();
        }
    }

    @Test
    void gradientsReleaseTheirNativeMemoryAlsoWhenTheyFail() {
        try (HookedTransformer model = SmallModels.llama();
                NDManager probe = model.newManager()) {
            NDManager all = Objects.requireNonNull(probe.getParentManager());
            gradient(model, List.of(), Z).close();
            int before = NativeCount.below(all);
            gradient(model, List.of(), together(model)).close();
            assertThat(NativeCount.below(all)).isEqualTo(before);
            RunRequest request = RunRequest.of(TOKENS).capture(Z).build();
            assertThatThrownBy(() -> new Gradients(model).of(request, logits -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            assertThat(NativeCount.below(all)).isEqualTo(before);
        }
    }

    private static void slopeAgrees(HookedTransformer model, HookSite site, List<SiteEdit> edits) {
        try (Gradients.Result result = gradient(model, edits, site)) {
            float[] gradient = result.gradients().get(site).toFloatArray();
            float[] activation = result.activations().get(site).toFloatArray();
            Slope slope = new Slope(model, site, edits, GradientsTest::metric);
            float[] direction = Slope.direction(gradient, site.name().hashCode());
            double step = Slope.STEP * Slope.length(activation);
            double expected = Slope.dot(gradient, direction);
            assertThat(slope.along(direction, step))
                    .as(site.name())
                    .isCloseTo(expected, within(Slope.TOLERANCE * Math.abs(expected)));
        }
    }

    private static Gradients.Result gradient(HookedTransformer model, List<SiteEdit> edits, HookSite... sites) {
        RunRequest request = RunRequest.of(TOKENS).edits(edits).capture(sites).build();
        return new Gradients(model).of(request, GradientsTest::metric);
    }

    private static NDArray metric(NDArray logits) {
        return logits.get(0, 4, 7).sub(logits.get(0, 4, 2));
    }

    /** All sites that can be differentiated in one pass. */
    private static HookSite[] together(HookedTransformer model) {
        return sites(model).stream()
                .filter(site -> site.kind() != SiteKind.LN1_SCALE && site.kind() != SiteKind.LN1_NORMALIZED)
                .toArray(HookSite[]::new);
    }

    private static List<HookSite> sites(HookedTransformer model) {
        Stream<HookSite> all = model.sites().all().stream().filter(site -> site.kind() != SiteKind.TOKENS);
        return new ArrayList<>(all.toList());
    }
}
