package org.headscope.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.StandIn;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.handbuilt.CancelModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.LinearModel;
import org.headscope.hooks.handbuilt.OrModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Integrals of gradients must give back the differences they come from. */
@Tag("engine")
class IntegratedGradientsTest {
    private static final GateIntegratedGradients GATE = new GateIntegratedGradients();
    private static final AttentionIntegratedGradients ATTENTION = new AttentionIntegratedGradients();
    private static final int[] IDS = {1, 9, 3, 12, 5, 8};
    /** Two copies, the second broken off behind token 7, so that 8 follows. */
    private static final int[] COPIES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7};

    @TempDir
    private Path folder;

    /** The midpoint rule is of second order: four times the steps, about a sixteenth of the error. */
    @ParameterizedTest
    @EnumSource
    void gatesGiveBackZeroAblationTheBetterTheMoreSteps(SmallConfigs kind) {
        try (HookedTransformer model = RandomModel.of(kind.config(), 6)) {
            for (Integer foil : Arrays.asList(11, null)) {
                double coarse = error(model, 4, foil);
                double fine = error(model, 16, foil);

                assertThat(fine).isLessThan(0.15 * coarse + 2e-6);
                assertThat(fine).isLessThan(2e-3 * largest(model, foil));
            }
        }
    }

    private static double error(HookedTransformer model, int steps, @Nullable Integer foil) {
        return (double) check(model, steps, foil).get(3);
    }

    private static double largest(HookedTransformer model, @Nullable Integer foil) {
        return (double) check(model, 2, foil).get(2);
    }

    private static List<Object> check(HookedTransformer model, int steps, @Nullable Integer foil) {
        Findings found = GATE.run(IdContexts.of(model), gate(IDS, 7, foil, steps), Progress.none());
        return table(found, 3).rows().get(0);
    }

    /** Opening the gate of the previous-token head, a sharp softmax turns within a small part of the way. */
    @Test
    void bothHeadsOfTheInductionCircuitAreWorthAllOfTheAnswer() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = GATE.run(IdContexts.of(model), gate(COPIES, 8, 12, 50), Progress.none());
            double[] worth = new double[8];
            worth[InductionModel.PREVIOUS_HEAD] = InductionModel.LOGIT;
            worth[4 + InductionModel.INDUCTION_HEAD] = InductionModel.LOGIT;

            assertThat(heads(found, 1)).containsExactly(worth, within(1e-4));
            assertThat(heads(found, 0)).containsExactly(worth, within(0.02));
            // At the open gate the softmax is saturated: the slope of the first head is that of the values alone.
            assertThat(heads(found, 2)[InductionModel.PREVIOUS_HEAD]).isCloseTo(0, within(1e-4));
        }
    }

    @Test
    void aBackupHeadIsWorthNothingUntilItsTwinIsOff() {
        int[] seen = {2, OrModel.SIGNAL, 2};
        List<Intervention> twin = List.of(new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()));
        try (HookedTransformer model = OrModel.create()) {
            var parameters = gate(seen, OrModel.YES, OrModel.NO, 4);
            Findings both = GATE.run(IdContexts.of(model), parameters, Progress.none());
            Findings alone = GATE.run(IdContexts.of(model, twin, SweepJournal.none()), parameters, Progress.none());

            assertThat(heads(both, 0)).containsExactly(new double[] {0, 0, 0}, within(1e-5));
            assertThat(heads(alone, 0)).containsExactly(new double[] {10, 0, 0}, within(1e-5));
            assertThat(alone.receipts()).isNotEmpty().allSatisfy(one -> assertThat(one.fired())
                    .isPositive());
        }
    }

    /** What the head adds the MLP takes away on all of the way: neither ablation nor any slope sees it. */
    @Test
    void cancellingPathsCancelAlongTheWholePathOfAGate() {
        try (HookedTransformer model = CancelModel.create()) {
            Findings found = GATE.run(
                    IdContexts.of(model),
                    gate(new int[] {2, CancelModel.SIGNAL, 2}, CancelModel.YES, CancelModel.NO, 4),
                    Progress.none());
            assertThat(heads(found, 0)).containsExactly(new double[] {0, CancelModel.SMALL, 0, 0}, within(1e-5));
        }
    }

    /** There the metric is affine in every pattern, so one point of the path is enough. */
    @Test
    void inTheLinearModelAttentionAttributionsAddUpAtOnce() {
        int[] ids = {1, 2, 3, 4, 5};
        try (HookedTransformer model = LinearModel.create()) {
            Findings found = ATTENTION.run(IdContexts.of(model), attention(ids, 6, 2, 1), Progress.none());

            assertThat(table(found, 2).rows()).allSatisfy(row -> {
                assertThat((double) row.get(1)).isCloseTo((double) row.get(2), within(1e-4));
                assertThat(Math.abs((double) row.get(2))).isGreaterThan(1e-2);
            });
        }
    }

    /** The sum with the right end of each step is of first order: twice the steps, about half of the error. */
    @ParameterizedTest
    @EnumSource
    void attentionAttributionsAddUpTheBetterTheMoreSteps(SmallConfigs kind) {
        try (HookedTransformer model = RandomModel.of(kind.config(), 6)) {
            double coarse = attentionError(model, 8);
            double fine = attentionError(model, 32);

            assertThat(fine).isLessThan(0.35 * coarse).isLessThan(0.05);
        }
    }

    /** Sum of the errors of all layers, as a share of what layers move. */
    private static double attentionError(HookedTransformer model, int steps) {
        List<List<Object>> rows = table(
                        ATTENTION.run(IdContexts.of(model), attention(IDS, 7, 11, steps), Progress.none()), 2)
                .rows();
        return rows.stream().mapToDouble(row -> (double) row.get(3)).sum()
                / rows.stream()
                        .mapToDouble(row -> Math.abs((double) row.get(2)))
                        .sum();
    }

    @ParameterizedTest
    @EnumSource
    void attentionAttributionsAreThoseOfOnePointAtATime(SmallConfigs kind) {
        int steps = 3;
        try (HookedTransformer model = RandomModel.of(kind.config(), 6)) {
            Findings found = ATTENTION.run(IdContexts.of(model), attention(IDS, 7, 11, steps), Progress.none());
            double[] map = ((AttentionMap) found.panels().get(3)).grid().toArray();
            int weights = IDS.length * IDS.length;
            double[] expected = new double[map.length];
            for (int layer = 0; layer < 2; layer++) {
                for (int k = 1; k <= steps; k++) {
                    double[] one = point(model, HookSite.of(SiteKind.PATTERN, layer), (double) k / steps);
                    for (int i = 0; i < one.length; i++) {
                        expected[layer * one.length + i] += one[i] / steps;
                    }
                }
            }

            assertThat(map).containsExactly(expected, within(1e-4));
            for (int head = 0; head < 8; head++) {
                assertThat(heads(found, 0)[head])
                        .isCloseTo(
                                Arrays.stream(expected, head * weights, (head + 1) * weights)
                                        .max()
                                        .orElseThrow(),
                                within(1e-4));
                assertThat(heads(found, 1)[head])
                        .isCloseTo(
                                Arrays.stream(expected, head * weights, (head + 1) * weights)
                                        .sum(),
                                within(1e-4));
            }
        }
    }

    /** {@code A * dF/dA at share * A}: the activation seen is scaled, so it is divided by the share again. */
    private static double[] point(HookedTransformer model, HookSite site, double share) {
        RunRequest request = RunRequest.of(TokenBatch.of(new int[][] {IDS}))
                .hook("scale", site, (value, point) -> value.mul(Scalar.of(share, value)))
                .capture(site)
                .lastLogits()
                .build();
        try (Gradients.Result result = new Gradients(model).of(request, IntegratedGradientsTest::difference)) {
            float[] scaled = result.activations().get(site).toFloatArray();
            float[] slope = result.gradients().get(site).toFloatArray();
            return IntStream.range(0, slope.length)
                    .mapToDouble(i -> scaled[i] / share * slope[i])
                    .toArray();
        }
    }

    private static NDArray difference(NDArray logits) {
        return logits.get(0, 0, 7).sub(logits.get(0, 0, 11));
    }

    @Test
    void theInductionHeadRestsOnOneWeight() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = ATTENTION.run(IdContexts.of(model), attention(COPIES, 8, 12, 5), Progress.none());
            AttentionMap map = (AttentionMap) found.panels().get(3);

            assertThat(heads(found, 0)[4 + InductionModel.INDUCTION_HEAD]).isCloseTo(10, within(1e-4));
            assertThat(map.grid().at(1, InductionModel.INDUCTION_HEAD, 19, 8)).isCloseTo(10, within(1e-4));
        }
    }

    @Test
    void examplesOfATaskHaveIntervalsAndNoMaps() {
        try (HookedTransformer model = ModelLoader.load(StandIn.random(folder))) {
            var context = new AnalysisContext(
                    model, new SessionPrompts(Session.of(model)), List.of(), 3, SweepJournal.none());
            Findings attention = ATTENTION.run(
                    context,
                    new AttentionIntegratedGradients.Parameters(null, null, null, "ioi", Split.TRAIN, 3, 4),
                    Progress.none());
            Findings gates = GATE.run(
                    context,
                    new GateIntegratedGradients.Parameters(null, null, null, "ioi", Split.TRAIN, 3, 40),
                    Progress.none());

            assertThat(attention.panels()).hasSize(3);
            assertThat(((HeadGrid) attention.panels().get(0)).interval()).isNotNull();
            assertThat(((HeadGrid) gates.panels().get(0)).interval()).isNotNull();
            List<Object> row = table(gates, 3).rows().get(0);
            assertThat(row.get(0)).isEqualTo(3L);
            assertThat((double) row.get(3)).isLessThan(0.05 * (double) row.get(2));
        }
    }

    @Test
    void halfAQuestionIsRefused() {
        try (HookedTransformer model = RandomModel.of(SmallConfigs.GPT2.config(), 4)) {
            AnalysisContext context = IdContexts.of(model);
            refused(context, new GateIntegratedGradients.Parameters(null, null, null, null, Split.TRAIN, 1, 1))
                    .hasMessageContaining("--answer");
            refused(context, new GateIntegratedGradients.Parameters(prompt(1), null, null, "ioi", Split.TRAIN, 1, 1))
                    .hasMessageContaining("not both");
            refused(context, gate(IDS, 7, 7, 1)).hasMessageContaining("other than the answer");
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(
            AnalysisContext context, GateIntegratedGradients.Parameters parameters) {
        return assertThatThrownBy(() -> GATE.run(context, parameters, Progress.none()))
                .isInstanceOf(ParameterException.class);
    }

    @Test
    void modelsThatSeeLaterTokensAreRefused() {
        try (HookedTransformer model = RandomModel.of(SmallConfigs.bothWays(), 4)) {
            assertThatThrownBy(() -> ATTENTION.run(IdContexts.of(model), attention(IDS, 7, 11, 2), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("sees later tokens");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomModel.of(SmallConfigs.LLAMA.config(), 4)) {
            GATE.run(IdContexts.of(model), gate(IDS, 7, 11, 2), Progress.none());
            int before = model.ownedResources();
            GATE.run(IdContexts.of(model), gate(IDS, 7, 11, 3), Progress.none());
            ATTENTION.run(IdContexts.of(model), attention(IDS, 7, 11, 3), Progress.none());
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static double[] heads(Findings found, int panel) {
        return ((HeadGrid) found.panels().get(panel)).grid().toArray();
    }

    private static Table table(Findings found, int panel) {
        Panel at = found.panels().get(panel);
        return (Table) at;
    }

    private static GateIntegratedGradients.Parameters gate(int[] ids, int answer, @Nullable Integer foil, int steps) {
        return new GateIntegratedGradients.Parameters(
                prompt(ids), prompt(answer), ofNullable(foil), null, Split.TRAIN, 1, steps);
    }

    private static AttentionIntegratedGradients.Parameters attention(int[] ids, int answer, int foil, int steps) {
        return new AttentionIntegratedGradients.Parameters(
                prompt(ids), prompt(answer), prompt(foil), null, Split.TRAIN, 1, steps);
    }

    private static @Nullable Prompt ofNullable(@Nullable Integer foil) {
        return foil == null ? null : prompt(foil);
    }
}
