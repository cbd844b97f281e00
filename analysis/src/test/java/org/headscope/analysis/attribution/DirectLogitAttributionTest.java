package org.headscope.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.attribution.DirectLogitAttribution.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class DirectLogitAttributionTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9};
    private static final int LAST = IDS.length - 1;

    static Stream<ModelConfig> models() {
        return Stream.of(
                RandomModel.gpt2(new Dims(3, 4, 4, 16, 4, 24, 16, 31)),
                RandomModel.llama(new Dims(3, 4, 2, 16, 6, 24, 16, 31)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void thePartsAddUpToTheLogitDifference(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 2)) {
            Findings found = run(model, new Parameters(prompt(IDS), prompt(2), prompt(7), List.of(-1), true));

            double actual = logits(model, LAST)[2] - (double) logits(model, LAST)[7];
            assertThat(sumOfTable(found)).isCloseTo(actual, within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void withoutAFoilTheMeanOfTheVocabularyIsSubtracted(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 2)) {
            Findings found = run(model, new Parameters(prompt(IDS), prompt(2), null, List.of(3), true));

            float[] logits = logits(model, 3);
            double mean = IntStream.range(0, logits.length)
                    .mapToDouble(i -> logits[i])
                    .average()
                    .orElseThrow();
            assertThat(sumOfTable(found)).isCloseTo(logits[2] - mean, within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aHeadContributesWhatItsResultIsWorthUnderTheFrozenScale(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 4)) {
            Findings found = run(model, new Parameters(prompt(IDS), prompt(2), prompt(7), List.of(-1), true));

            HeadGrid heads = (HeadGrid) found.panels().get(0);
            assertThat(heads.grid().at(1, 2)).isCloseTo(byHand(model, 1, 2), within(1e-5));
        }
    }

    private static double byHand(HookedTransformer model, int layer, int head) {
        HookSite result = HookSite.of(SiteKind.RESULT, layer);
        HookSite scale = HookSite.global(SiteKind.LN_FINAL_SCALE);
        var weights = model.weights().unembed();
        float[] u = weights.unembed().weight().toFloatArray();
        var norm = Objects.requireNonNull(weights.finalNorm());
        float[] gain = Objects.requireNonNull(norm.weight()).toFloatArray();
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {IDS}))
                .capture(result, scale)
                .build())) {
            float[] r = run.cache().get(result).get("0, " + LAST + ", " + head).toFloatArray();
            double s = run.cache().get(scale).get("0, " + LAST).toFloatArray()[0];
            double mean = model.config().family().equals("gpt2") ? mean(r) : 0;
            double sum = 0;
            for (int i = 0; i < r.length; i++) {
                sum += (r[i] - mean) / s * gain[i] * (u[2 * r.length + i] - u[7 * r.length + i]);
            }
            return sum;
        }
    }

    private static double mean(float[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("models")
    void theSourceTokensOfAHeadAddUpToTheHead(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 5)) {
            Findings found = run(model, new Parameters(prompt(IDS), prompt(2), prompt(7), List.of(-2), true));

            assertThatSourcesAddUp(found, model, 1e-6);
        }
    }

    /** Each head against its value at one token, its attention there and its own output matrix, by plain loops. */
    @ParameterizedTest
    @MethodSource("models")
    void aSourceTokenIsWorthItsAttentionTimesItsValueThroughTheOutput(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 6)) {
            Findings found = run(model, new Parameters(prompt(IDS), prompt(2), null, List.of(4), true));

            for (int head = 0; head < 4; head++) {
                for (int source = 0; source <= 4; source++) {
                    assertThat(sources(found).at(2, source, head))
                            .isCloseTo(SourceOracle.of(model, IDS, 4, 2).part(2, head, source), within(1e-5));
                }
            }
        }
    }

    @Test
    void theInductionHeadBringsTheAnswerFromWhereItStoodBefore() {
        int[] ids = IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
                .toArray();
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model, new Parameters(prompt(ids), prompt(8), prompt(12), List.of(-1), true));

            assertThat(sources(found).at(1, 8, 2)).isCloseTo(10, within(1e-4));
            double others =
                    Arrays.stream(sources(found).toArray()).map(Math::abs).sum();
            assertThat(others).isCloseTo(10, within(1e-3));
            Table strongest = (Table) found.panels().get(5);
            assertThat(strongest.rows().get(0).subList(0, 3)).containsExactly("1.2", 8L, "t8");
        }
    }

    @Test
    void aHeadWhoseOutputIsReplacedHasNoSources() {
        var off = new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Zero());
        try (HookedTransformer model = RandomModel.of(models().toList().get(1), 5)) {
            Findings found = new DirectLogitAttribution()
                    .run(
                            IdContexts.of(model, List.of(off), SweepJournal.none()),
                            new Parameters(prompt(IDS), prompt(2), prompt(7), List.of(-1), true),
                            Progress.none());

            assertThat(sources(found).at(1, 0, 2)).isNaN();
            assertThat(sources(found).at(1, 0, 1)).isNotNaN();
            assertThat(found.receipts()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void severalPositionsAreWhatSingleOnesAre(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 2)) {
            Findings found = run(model, new Parameters(prompt(IDS), prompt(2), prompt(7), List.of(2, -1), true));

            assertThat(found.panels()).hasSize(4);
            var together = ((HeadPositionGrid) found.panels().get(0)).grid();
            for (int p = 0; p < 2; p++) {
                Findings single =
                        run(model, new Parameters(prompt(IDS), prompt(2), prompt(7), List.of(p == 0 ? 2 : 5), true));
                assertThat(together.at(1, p, 3))
                        .isCloseTo(((HeadGrid) single.panels().get(0)).grid().at(1, 3), within(1e-6));
            }
        }
    }

    @Test
    void aPositionOutsideThePromptIsRefused() {
        try (HookedTransformer model = RandomModel.of(models().toList().get(0), 2)) {
            assertThatThrownBy(() -> run(model, new Parameters(prompt(IDS), prompt(2), null, List.of(0, 6), true)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("from -6 to 5");
        }
    }

    private static void assertThatSourcesAddUp(Findings found, HookedTransformer model, double tolerance) {
        Dims dims = model.config().dims();
        Grid heads = ((HeadGrid) found.panels().get(0)).grid();
        Grid split = sources(found);
        for (int l = 0; l < dims.layers(); l++) {
            for (int h = 0; h < dims.heads(); h++) {
                double sum = 0;
                for (int s = 0; s < split.shape()[1]; s++) {
                    sum += split.at(l, s, h);
                }
                assertThat(sum).as("%d.%d", l, h).isCloseTo(heads.at(l, h), within(tolerance));
            }
        }
    }

    private static Grid sources(Findings found) {
        return ((HeadPositionGrid) found.panels().get(4)).grid();
    }

    @Test
    void inTheInductionModelOnlyTheInductionHeadSpeaksForTheAnswer() {
        int[] ids = IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
                .toArray();
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model, new Parameters(prompt(ids), prompt(8), prompt(12), List.of(-1), true));

            assertThat(((HeadGrid) found.panels().get(0)).grid().toArray())
                    .containsExactly(new double[] {0, 0, 0, 0, 0, 0, 10, 0}, within(1e-5));
        }
    }

    /** Embedding norm, soft caps, norms behind attention, parallel blocks: the sum must hold in all of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "gpt_neox",
                "gptj",
                "bloom",
                "opt",
                "gemma2",
                "gemma3",
                "olmo2",
                "phi",
                "stablelm",
                "falcon"
            })
    void thePartsAddUpInEveryKindOfDecoder(String family) {
        TinyReference reference = TinyReference.of(family);
        int[] ids = TinyReference.ids(reference.info().get("input_ids").get(0));
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            Findings found = run(model, new Parameters(prompt(ids), prompt(11), prompt(12), List.of(9), true));

            Table check = (Table) found.panels().get(3);
            assertThat((double) check.rows().get(2).get(1)).isCloseTo(0, within(1e-3));
            assertThatSourcesAddUp(found, model, 1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "opt_postnorm"})
    void modelsWhosePartsDoNotAddUpAreRefusedWithTheReason(String family) {
        TinyReference reference = TinyReference.of(family);
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            assertThatThrownBy(() -> run(model, new Parameters(prompt(3, 4), prompt(5), null, List.of(-1), true)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("does not apply");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomModel.of(models().toList().get(0), 1)) {
            int before = model.ownedResources();

            run(model, new Parameters(prompt(IDS), prompt(2), null, List.of(-1), true));

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Findings run(HookedTransformer model, Parameters parameters) {
        return new DirectLogitAttribution().run(IdContexts.of(model), parameters, Progress.none());
    }

    private static double sumOfTable(Findings found) {
        List<List<Object>> rows = ((Table) found.panels().get(1)).rows();
        return rows.stream().mapToDouble(row -> (double) row.get(1)).sum();
    }

    private static float[] logits(HookedTransformer model, int position) {
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(new int[][] {IDS})).build())) {
            return run.logits().get("0, " + position).toFloatArray();
        }
    }
}
