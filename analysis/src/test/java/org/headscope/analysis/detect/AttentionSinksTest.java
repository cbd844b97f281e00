package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.detect.AttentionSinks.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class AttentionSinksTest {
    private static final String RANDOM = "Sink score, random ids";
    private static final String REPEATED = "Sink score, one id repeated";

    @ParameterizedTest
    @ValueSource(ints = {16, 64})
    void scoresOfTheSinkModelAreThoseOfTheClosedForm(int tokens) {
        try (HookedTransformer model = SinkModel.create(50)) {
            Findings found = run(IdContexts.of(model), parameters(null, tokens, 0, SinkSequences.Bos.NO));

            double harmonic =
                    IntStream.rangeClosed(1, tokens).mapToDouble(t -> 1.0 / t).sum();
            double[] random = grid(found, RANDOM);
            assertThat(random[SinkModel.SINK_HEAD]).isCloseTo(SinkModel.sinkScore(50, tokens), within(1e-5));
            assertThat(random[SinkModel.UNIFORM_HEAD]).isCloseTo(harmonic / tokens, within(1e-5));
        }
    }

    /** H_T / T, to the digits of the definition sheet; at 8 tokens it would be above the usual threshold of 0.3. */
    @ParameterizedTest
    @CsvSource({"16,0.2113", "64,0.0741", "256,0.0239"})
    void uniformAttentionScoresTheHarmonicNumberOverTheLength(int tokens, double expected) {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(new Dims(1, 4, 2, 16, 4, 16, 256, 20)), 2)) {
            Intervention uniform = new Intervention.Ablate(new Target.AttentionLayer(0), new Ablation.Uniform());
            AnalysisContext context = IdContexts.of(model, List.of(uniform), SweepJournal.none());

            assertThat(grid(run(context, parameters(null, tokens, 0, SinkSequences.Bos.NO)), RANDOM))
                    .containsExactly(new double[] {expected, expected, expected, expected}, within(5e-5));
        }
    }

    /** Texts are cut into sequences, so they may be longer than the context. */
    @Test
    void textsMayBeLongerThanTheContext() {
        int[] text = IntStream.range(0, 200).map(i -> i % 16).toArray();
        try (HookedTransformer model = SinkModel.create(2)) {
            Findings found = run(IdContexts.of(model), parameters(prompt(text), 64, 0, SinkSequences.Bos.NO));

            assertThat(((Table) panel(found, AttentionSinks.SHARES))
                            .rows()
                            .get(0)
                            .get(2))
                    .isEqualTo(3L);
        }
    }

    @Test
    void theShareCountsHeadsAboveTheThreshold() {
        try (HookedTransformer model = SinkModel.create(50)) {
            Findings found = run(IdContexts.of(model), parameters(null, 64, 0, SinkSequences.Bos.NO));

            Table shares = (Table) panel(found, AttentionSinks.SHARES);
            assertThat(shares.rows()).hasSize(2).allSatisfy(row -> {
                assertThat((double) row.get(4)).isCloseTo(50, within(1e-9));
                assertThat(row.get(5)).isEqualTo("0.0");
            });
        }
    }

    @Test
    void anotherPositionHasItsOwnClosedForm() {
        int k = 3;
        int tokens = 20;
        try (HookedTransformer model = SinkModel.create(1)) {
            Findings found = run(IdContexts.of(model), parameters(null, tokens, k, SinkSequences.Bos.NO));

            double expected = IntStream.range(k, tokens)
                    .mapToDouble(t -> 1.0 / (t + 1))
                    .average()
                    .orElseThrow();
            assertThat(grid(found, REPEATED)[1]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void withAKnownBosTokenBothWaysAreReported() {
        int[] text = IntStream.range(0, 40).map(i -> i % 16).toArray();
        try (HookedTransformer model = SinkModel.create(2)) {
            Findings found = run(IdContexts.withBos(model, 0), parameters(prompt(text), 20, 0, SinkSequences.Bos.BOTH));

            assertThat(found.panels())
                    .extracting(Panel::title)
                    .containsExactly(
                            "Sink score, natural text",
                            RANDOM,
                            REPEATED,
                            "Sink score, natural text, with BOS",
                            RANDOM + ", with BOS",
                            REPEATED + ", with BOS",
                            AttentionSinks.SHARES);
        }
    }

    /** With uniform attention, query t of a window of w gives position 0 a share of 1/(t+1), and w queries see it. */
    @Test
    void slidingWindowsCountOnlyQueriesThatSeeThePosition() {
        TinyReference reference = TinyReference.of("mistral");
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            int window = model.config().attention().layers().get(0).window();
            assertThat(window).isBetween(1, 19);
            Intervention uniform = new Intervention.Ablate(new Target.AttentionLayer(0), new Ablation.Uniform());
            AnalysisContext context = IdContexts.of(model, List.of(uniform), SweepJournal.none());

            double[] scores = grid(run(context, parameters(null, 20, 0, SinkSequences.Bos.NO)), RANDOM);

            double expected =
                    IntStream.rangeClosed(1, window).mapToDouble(t -> 1.0 / t).sum() / window;
            assertThat(scores[0]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void textsBelowSixteenTokensAreRefused() {
        try (HookedTransformer model = SinkModel.create(2)) {
            Parameters parameters = parameters(prompt(1, 2, 3), 64, 0, SinkSequences.Bos.NO);

            assertThatThrownBy(() -> run(IdContexts.of(model), parameters))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("at least 16 tokens");
        }
    }

    @Test
    void modelsWithATooShortContextAreRefused() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(new Dims(1, 2, 2, 8, 4, 8, 12, 17)), 1)) {
            Parameters parameters = parameters(null, 64, 0, SinkSequences.Bos.NO);

            assertThatThrownBy(() -> run(IdContexts.of(model), parameters))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("12 tokens is too short");
        }
    }

    private static Parameters parameters(@Nullable Prompt text, int length, int position, SinkSequences.Bos bos) {
        return new Parameters(text, length, 4, position, 0.3, bos, -1);
    }

    private static Findings run(AnalysisContext context, Parameters parameters) {
        return new AttentionSinks().run(context, parameters, Progress.none());
    }

    private static double[] grid(Findings found, String title) {
        return ((HeadGrid) panel(found, title)).grid().toArray();
    }

    private static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
