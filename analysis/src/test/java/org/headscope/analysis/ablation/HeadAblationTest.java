package org.headscope.analysis.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.ablation.HeadAblation.Parameters;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.OrModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;
import org.headscope.hooks.sweep.SweepResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("engine")
class HeadAblationTest {
    /** BOS, sixteen tokens, and the first seven again: token 8 is next. */
    private static final int[] REPEATING = IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
            .toArray();

    private static final int[] IDS = {3, 1, 4, 1, 5, 9};

    @Test
    void inTheInductionModelEachOfTheTwoHeadsIsNeededAndNoOther() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model, new Setup(REPEATING, Ablation.Mode.ZERO).answers(8, 12));

            assertThat(effects(found)).containsExactly(new double[] {0, 10, 0, 0, 0, 0, 10, 0}, within(1e-5));
        }
    }

    @Test
    void backupHeadsHideASingleAblationButNotThatOfTheLayer() {
        try (HookedTransformer model = OrModel.create()) {
            int[] ids = {OrModel.OTHER, OrModel.SIGNAL, OrModel.OTHER};
            Findings found = run(model, new Setup(ids, Ablation.Mode.ZERO).answers(OrModel.YES, OrModel.NO));

            assertThat(effects(found)).containsExactly(new double[] {0, 0, 0}, within(1e-5));
            Curve layers = (Curve) panel(found, AblationPlan.LAYERS);
            assertThat(layers.lines()).extracting(Curve.Line::name).containsExactly("attention (all heads)", "MLP");
            assertThat(layers.lines())
                    .allSatisfy(line -> assertThat(line.y().get(0)).isCloseTo(10, within(1e-5)));
        }
    }

    /** Never add up single ablations: these two add up to nothing, and together they are the whole circuit. */
    @Test
    void twoBackupHeadsCostNothingAloneAndEverythingTogether() {
        try (HookedTransformer model = OrModel.create();
                BaseRun base = BaseRun.of(
                        model, TokenBatch.of(new int[] {OrModel.OTHER, OrModel.SIGNAL, OrModel.OTHER}), List.of())) {
            List<Intervention> off = List.of(zero(0), zero(1));
            List<SweepCell> cells =
                    List.of(SweepCell.of(off.get(0)), SweepCell.of(off.get(1)), new SweepCell("both", off));
            SweepResult result = new SweepEngine()
                    .run(base, cells, new LogitDifference(OrModel.YES, OrModel.NO), SweepListener.NONE);

            assertThat(result.base()).isCloseTo(OrModel.LOGIT, within(1e-5));
            assertThat(result.values()).containsExactly(new double[] {10, 10, 0}, within(1e-5));
        }
    }

    private static Intervention zero(int head) {
        return new Intervention.Ablate(new Target.Head(0, head), new Ablation.Zero());
    }

    @ParameterizedTest
    @EnumSource(names = {"ZERO", "UNIFORM"})
    void ablatedHeadsAgreeWithTheReference(Ablation.Mode mode) {
        TinyReference reference = TinyReference.of("gpt2");
        int[] ids = TinyReference.ids(reference.info().get("input_ids").get(0));
        JsonNode metric = reference.info().get("metric");
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            Setup setup = new Setup(ids, mode)
                    .answers(metric.get("a").asInt(), metric.get("b").asInt());
            HeadGrid grid = (HeadGrid) panel(run(model, setup), AblationPlan.METRIC);

            for (JsonNode one : reference.info().get("ablate_" + mode.label())) {
                assertThat(grid.grid()
                                .at(one.get("layer").asInt(), one.get("head").asInt()))
                        .isCloseTo(one.get("metric").asDouble(), within(reference.tolerance("logits")));
            }
        }
    }

    @Test
    void withoutAnAnswerTheLossIsMeasuredAsTheReferenceMeasuresIt() {
        TinyReference reference = TinyReference.of("gpt2");
        int[] ids = TinyReference.ids(reference.info().get("input_ids").get(0));
        double expected = Arrays.stream(reference.values("loss_per_token"), 0, ids.length - 1)
                .average()
                .orElseThrow();
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            Findings found = run(model, new Setup(ids, Ablation.Mode.ZERO));

            assertThat(full(found).get(0)).isEqualTo("next-token loss");
            assertThat((double) full(found).get(1)).isCloseTo(expected, within(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "0, false"})
    void aGateOfOneIsTheFullModelAndAGateOfNothingIsZeroAblation(double gate, boolean full) {
        try (HookedTransformer model = random()) {
            double[] effects = effects(
                    run(model, new Setup(IDS, Ablation.Mode.GATE).answers(2, 7).gate(gate)));

            double[] expected = full
                    ? new double[effects.length]
                    : effects(run(model, new Setup(IDS, Ablation.Mode.ZERO).answers(2, 7)));
            assertThat(effects).containsExactly(expected, within(1e-5));
        }
    }

    @Test
    void meanAblationPutsInTheMeanOverThePromptsOwnPositions() {
        try (HookedTransformer model = random()) {
            Findings found = run(model, new Setup(IDS, Ablation.Mode.MEAN).answers(2, 7));

            HeadGrid grid = (HeadGrid) panel(found, AblationPlan.METRIC);
            assertThat(grid.grid().at(1, 2)).isCloseTo(withMeanOf(model, 1, 2), within(1e-5));
        }
    }

    @Test
    void meansOverReferencePromptsCountEveryTokenOnce() {
        try (HookedTransformer model = random()) {
            Setup one = new Setup(IDS, Ablation.Mode.MEAN).answers(2, 7).reference("ids:3,1,4,1,5,9");
            Setup uneven = new Setup(IDS, Ablation.Mode.MEAN).answers(2, 7).reference("ids:3,1,4,1,5,9", "ids:3");

            double[] own = effects(run(model, new Setup(IDS, Ablation.Mode.MEAN).answers(2, 7)));

            assertThat(effects(run(model, one))).containsExactly(own, within(1e-6));
            assertThat(effects(run(model, uneven))[0]).isNotCloseTo(own[0], within(1e-6));
        }
    }

    @Test
    void aMeanPerPositionOverThePromptAloneChangesNothing() {
        try (HookedTransformer model = random()) {
            Setup setup = new Setup(IDS, Ablation.Mode.MEAN).answers(2, 7).reference("ids:3,1,4,1,5,9");

            assertThat(effects(run(model, setup.perPosition()))).containsOnly(new double[] {0}, within(1e-5));
        }
    }

    /** Replaces one head by its mean with a hook written in plain arrays. */
    private static double withMeanOf(HookedTransformer model, int layer, int head) {
        RunRequest request = RunRequest.of(TokenBatch.of(new int[][] {IDS}))
                .hook("mean", HookSite.of(SiteKind.Z, layer), (z, point) -> {
                    int heads = (int) z.getShape().get(2);
                    int width = (int) z.getShape().get(3);
                    float[] values = averaged(z.toFloatArray(), heads, width, head);
                    return z.getManager().create(values, z.getShape()).duplicate();
                })
                .lastLogits()
                .build();
        try (RunResult run = model.run(request)) {
            float[] logits = run.logits().toFloatArray();
            return (double) logits[2] - logits[7];
        }
    }

    private static float[] averaged(float[] z, int heads, int width, int head) {
        for (int e = 0; e < width; e++) {
            double sum = 0;
            for (int p = 0; p < IDS.length; p++) {
                sum += z[(p * heads + head) * width + e];
            }
            for (int p = 0; p < IDS.length; p++) {
                z[(p * heads + head) * width + e] = (float) (sum / IDS.length);
            }
        }
        return z;
    }

    @Test
    void resamplingFromThePromptItselfChangesNothingAndTheReceiptSaysSo() {
        try (HookedTransformer model = random()) {
            Setup setup = new Setup(IDS, Ablation.Mode.RESAMPLE).answers(2, 7).other(IDS);
            Findings found = run(model, setup);

            assertThat(effects(found)).containsOnly(new double[] {0}, within(1e-5));
            assertThat(found.receipts().get(0).effect()).contains("12 changed nothing");
        }
    }

    @Test
    void klDivergenceIsNothingForTheFullModelAndPositiveForAblatedOnes() {
        try (HookedTransformer model = random()) {
            Findings found = run(model, new Setup(IDS, Ablation.Mode.ZERO).metric(AblationMetric.KL));

            assertThat((double) full(found).get(1)).isCloseTo(0, within(1e-6));
            assertThat(Arrays.stream(effects(found)).min().orElseThrow()).isPositive();
        }
    }

    @Test
    void resamplingNeedsAnotherPrompt() {
        try (HookedTransformer model = random()) {
            assertThatThrownBy(() -> run(model, new Setup(IDS, Ablation.Mode.RESAMPLE)))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("--other");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = random()) {
            int before = model.ownedResources();

            run(model, new Setup(IDS, Ablation.Mode.MEAN));
            assertThatThrownBy(() -> run(model, new Setup(IDS, Ablation.Mode.RESAMPLE).other(1, 2)))
                    .isInstanceOf(HeadscopeException.class);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static HookedTransformer random() {
        return RandomModel.of(RandomModel.gpt2(new Dims(2, 4, 4, 16, 4, 24, 16, 31)), 5);
    }

    private static Findings run(HookedTransformer model, Setup setup) {
        return new HeadAblation().run(IdContexts.of(model), setup.parameters(), Progress.none());
    }

    private static double[] effects(Findings found) {
        return ((HeadGrid) panel(found, AblationPlan.EFFECT)).grid().toArray();
    }

    private static List<Object> full(Findings found) {
        return ((Table) panel(found, AblationPlan.FULL)).rows().get(0);
    }

    private static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    /** Parameters with defaults. */
    private static final class Setup {
        private final Prompt prompt;
        private final Ablation.Mode mode;
        private AblationMetric metric = AblationMetric.AUTO;
        private @Nullable Prompt answer;
        private @Nullable Prompt foil;
        private double gate = 0.5;
        private @Nullable Prompt other;
        private List<String> reference = List.of();
        private boolean perPosition;

        private Setup(int[] ids, Ablation.Mode mode) {
            this.prompt = IdContexts.prompt(ids);
            this.mode = mode;
        }

        private Setup answers(int right, int wrong) {
            answer = IdContexts.prompt(right);
            foil = IdContexts.prompt(wrong);
            return this;
        }

        private Setup metric(AblationMetric which) {
            metric = which;
            return this;
        }

        private Setup gate(double factor) {
            gate = factor;
            return this;
        }

        private Setup other(int... ids) {
            other = IdContexts.prompt(ids);
            return this;
        }

        private Setup reference(String... prompts) {
            reference = List.of(prompts);
            return this;
        }

        private Setup perPosition() {
            perPosition = true;
            return this;
        }

        private Parameters parameters() {
            return new Parameters(prompt, mode, metric, answer, foil, gate, reference, perPosition, other);
        }
    }
}
