package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.reading.LensChecks.assertThatRowsAreByHand;
import static org.headscope.analysis.reading.LensChecks.assertThatTheLastRowIsTheModels;
import static org.headscope.analysis.reading.LensChecks.column;
import static org.headscope.analysis.reading.LensChecks.panel;
import static org.headscope.analysis.reading.LensChecks.run;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.config.UnembedSpec;
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
class LogitLensTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9};
    private static final int LAYERS = 3;
    private static final int ANSWER = 7;
    private static final Dims DIMS = new Dims(LAYERS, 4, 4, 16, 4, 24, 16, 31);
    private static final ModelConfig GPT2 = RandomModel.gpt2(DIMS);
    private static final ModelConfig LLAMA = RandomModel.llama(new Dims(LAYERS, 4, 2, 16, 6, 24, 16, 31));
    private static final List<Intervention> MASK =
            List.of(new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Zero()));
    /** BOS, sixteen tokens, and the first seven again: token 8 is next. */
    private static final int[] REPEATING = IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
            .toArray();

    static Stream<ModelConfig> models() {
        return Stream.of(
                GPT2,
                LLAMA,
                with(LLAMA, LLAMA.block(), new UnembedSpec(3.0, false, false)),
                with(GPT2, new BlockSpec(Arrangement.PARALLEL, GPT2.block().norm()), GPT2.unembed()),
                with(GPT2, new BlockSpec(Arrangement.SEQUENTIAL, new NormSpec(NormSpec.Kind.NONE, 0)), GPT2.unembed()));
    }

    private static ModelConfig with(ModelConfig c, BlockSpec block, UnembedSpec unembed) {
        return new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), block, c.mlp(), unembed);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theLastRowIsWhatTheModelSays(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 2)) {
            Findings found = run(model, IDS, List.of(), List.of());

            assertThatTheLastRowIsTheModels(found, model, IDS, List.of());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyRowIsTheStreamThroughNormAndUnembedding(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            assertThatRowsAreByHand(model, IDS, List.of(), true);
            assertThatRowsAreByHand(model, IDS, List.of(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aMaskHoldsInEveryRowBehindIt(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 4)) {
            Findings found = run(model, IDS, List.of(), MASK);
            double[] full = column(run(model, IDS, List.of(ANSWER), List.of()), LogitLens.PROBABILITY, 5);
            double[] masked = column(run(model, IDS, List.of(ANSWER), MASK), LogitLens.PROBABILITY, 5);

            assertThatRowsAreByHand(model, IDS, MASK, true);
            assertThatTheLastRowIsTheModels(found, model, IDS, MASK);
            assertThat(found.receipts()).singleElement().satisfies(receipt -> assertThat(receipt.fired())
                    .isEqualTo(1));
            assertThat(masked[1]).isEqualTo(full[1]);
            assertThat(masked[2]).isNotCloseTo(full[2], within(1e-6));
        }
    }

    @Test
    void theLastRowIsTheModelsOwnEvenWhenItsFinalNormIsFrozen() {
        HookSite norm = HookSite.global(SiteKind.LN_FINAL_NORMALIZED);
        try (HookedTransformer model = RandomModel.of(GPT2, 5);
                RunResult other = model.run(RunRequest.of(TokenBatch.of(new int[] {2, 7, 1, 8, 2, 8}))
                        .capture(norm)
                        .build())) {
            List<Intervention> frozen = List.of(new Intervention.Freeze(Set.of(norm), other.cache()));

            Findings found = run(model, IDS, List.of(), frozen);

            assertThatTheLastRowIsTheModels(found, model, IDS, frozen);
        }
    }

    @Test
    void theInductionModelKnowsTheAnswerBehindItsInductionHeadAndNotBefore() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model, REPEATING, List.of(8), List.of());

            int last = REPEATING.length - 1;
            double known = 1 / (1 + 31 * Math.exp(-InductionModel.LOGIT));
            assertThat(column(found, LogitLens.PROBABILITY, last))
                    .containsExactly(new double[] {1 / 32.0, 1 / 32.0, known}, within(1e-6));
            assertThat(column(found, LogitLens.RANK, last)).containsExactly(9, 9, 1);
            double q = (1 - known) / 31;
            double entropy = -known * Math.log(known) - 31 * q * Math.log(q);
            assertThat(column(found, LogitLens.ENTROPY, last))
                    .containsExactly(new double[] {Math.log(32), Math.log(32), entropy}, within(1e-6));
            assertThat(column(found, LogitLens.DIVERGENCE, last))
                    .containsExactly(new double[] {Math.log(32) - entropy, Math.log(32) - entropy, 0}, within(1e-6));
            assertThat(column(found, LogitLens.LIKELIEST, last))
                    .containsExactly(new double[] {1 / 32.0, 1 / 32.0, known}, within(1e-6));
            assertThat(panel(found, LogitLens.LIKELIEST).cellLabels())
                    .isEqualTo(panel(found, LogitLens.RANK).cellLabels());
            assertThat(panel(found, LogitLens.RANK).cellLabels().subList(2 * (last + 1), 3 * (last + 1)))
                    .endsWith("t5", "t6", "t7", "t8");
        }
    }

    /** Without the token that is looked for, against the table of the five likeliest tokens. */
    @ParameterizedTest
    @MethodSource("models")
    void theLikeliestIsTheFirstOfTheTable(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 6)) {
            Findings found = run(model, IDS, List.of(ANSWER), MASK);
            AnalysisContext context = IdContexts.of(model, MASK, SweepJournal.none());
            LensTable table = LensTable.read(context, IdContexts.prompt(IDS), null, null, Progress.none());

            LayerPositionGrid likeliest = panel(found, LogitLens.LIKELIEST);
            assertThat(likeliest.grid().shape()).containsExactly(LAYERS + 1, IDS.length);
            for (int cell = 0; cell < likeliest.grid().size(); cell++) {
                LensTable.Said first = table.cells().get(cell).likeliest().get(0);
                assertThat(likeliest.grid().valueAt(cell)).isCloseTo(first.probability(), within(1e-6));
                assertThat(likeliest.cellLabels().get(cell)).isEqualTo(first.text());
            }
        }
    }

    @Test
    void withoutTheInductionHeadTheAnswerNeverAppears() {
        var head = new Target.Head(InductionModel.INDUCTION_LAYER, InductionModel.INDUCTION_HEAD);
        try (HookedTransformer model = InductionModel.create()) {
            Findings found =
                    run(model, REPEATING, List.of(8), List.of(new Intervention.Ablate(head, new Ablation.Zero())));

            assertThat(column(found, LogitLens.PROBABILITY, REPEATING.length - 1))
                    .containsExactly(new double[] {1 / 32.0, 1 / 32.0, 1 / 32.0}, within(1e-9));
        }
    }

    @Test
    void aVocabularyTooLongForAllPositionsAtOnceIsReadInPieces() {
        int vocab = (1 << 21) + 1;
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(new Dims(1, 1, 1, 2, 2, 2, 4, vocab)), 1)) {
            int[] ids = {5, vocab - 1, 9};
            Findings found = run(model, ids, List.of(), List.of());

            assertThatTheLastRowIsTheModels(found, model, ids, List.of());
            assertThat(panel(found, LogitLens.ENTROPY).grid().computed()).isEqualTo(6);
        }
    }

    @Test
    void modelsWithoutAFinalNormBehindAllBlocksAreRefusedWithTheReason() {
        ModelConfig config =
                with(GPT2, new BlockSpec(Arrangement.POST_NORM, GPT2.block().norm()), GPT2.unembed());
        try (HookedTransformer model = RandomModel.of(config, 1)) {
            assertRefused(model, "there is no final norm");
        }
    }

    @Test
    void anAnswerOutsideTheVocabularyIsRefused() {
        try (HookedTransformer model = RandomModel.of(GPT2, 1)) {
            assertThatThrownBy(() -> run(model, IDS, List.of(31), List.of()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("from 0 to 30");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingStaysBehindInTheModel(boolean norm) {
        try (HookedTransformer model = RandomModel.of(LLAMA, 1)) {
            run(model, IDS, List.of(ANSWER), MASK, norm);
            int before = model.ownedResources();

            run(model, IDS, List.of(ANSWER), MASK, norm);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static void assertRefused(HookedTransformer model, String why) {
        assertThatThrownBy(() -> run(model, new int[] {3, 4}, List.of(), List.of()))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("logit lens does not apply")
                .hasMessageContaining(why);
    }
}
