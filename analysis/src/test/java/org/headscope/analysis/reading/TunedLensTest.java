package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.reading.TunedLens.Parameters;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.UnembedSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.RotatedModel;
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

@Tag("engine")
class TunedLensTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9};
    private static final ModelConfig GPT2 = RandomModel.gpt2(new Dims(3, 4, 4, 16, 4, 24, 32, 31));
    private static final ModelConfig LLAMA = RandomModel.llama(new Dims(3, 4, 2, 16, 6, 24, 32, 31));

    static Stream<ModelConfig> models() {
        return Stream.of(
                GPT2,
                LLAMA,
                with(LLAMA, LLAMA.block(), new UnembedSpec(3.0, false, false)),
                with(
                        GPT2,
                        new BlockSpec(
                                BlockSpec.Arrangement.PARALLEL, GPT2.block().norm()),
                        GPT2.unembed()));
    }

    private static ModelConfig with(ModelConfig c, BlockSpec block, UnembedSpec unembed) {
        return new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), block, c.mlp(), unembed);
    }

    @Test
    void findsTheTranslatorThatIsKnownAndThenNothingIsLeft() {
        int[] text = text(RotatedModel.VOCAB, 640);
        try (HookedTransformer model = RotatedModel.create();
                LensTraining training = new LensTraining(model);
                StreamData data = StreamData.of(
                        IdContexts.of(model),
                        LensTexts.ofText(IdContexts.of(model), prompt(text), 16).train(),
                        true,
                        Progress.none())) {
            training.run(data, new LensTraining.Schedule(1500, 128, 0.05), Progress.none());

            LensDistance before = LensDistance.of(model, data, List.of(), 1, Progress.none());
            LensDistance after = LensDistance.of(model, data, training.translators(), 1, Progress.none());
            assertThat(before.bits().get(0).mean()).isGreaterThan(1);
            assertThat(after.bits().get(0).mean()).isLessThan(1e-4);
            assertThat(after.agreement()).containsExactly(1.0, 1.0);
            float[] a = training.translators().get(0).weight().toFloatArray();
            float[] b = training.translators().get(0).bias().toFloatArray();
            for (int i = 0; i < a.length; i++) {
                double expected = RotatedModel.weight(i / RotatedModel.WIDTH, i % RotatedModel.WIDTH);
                assertThat((double) a[i]).as("A %d", i).isCloseTo(expected, within(0.02));
            }
            for (int i = 0; i < b.length; i++) {
                assertThat((double) b[i]).as("b %d", i).isCloseTo(RotatedModel.bias(i), within(0.02));
            }
        }
    }

    /** Numbers of the lens before training against the plain loops of the logit lens. */
    @ParameterizedTest
    @MethodSource("models")
    void anUntrainedLensIsTheLogitLens(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            Findings found = run(model, parameters(text(31, 128), 1, 1e-8), List.of());
            Findings logit = LensChecks.run(model, IDS, List.of(), List.of());

            for (String title :
                    List.of(LogitLens.PROBABILITY, LogitLens.ENTROPY, LogitLens.DIVERGENCE, LogitLens.LIKELIEST)) {
                assertThat(LensChecks.panel(found, title).grid().toArray())
                        .as(title)
                        .containsExactly(LensChecks.panel(logit, title).grid().toArray(), within(1e-5));
            }
            assertThat(tuned(found, 0)).isCloseTo(logit(found, 0), within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void trainingBringsEveryLayerNearerAndTheLastIsTheModel(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            Findings found = run(model, parameters(text(31, 640), 120, 0.02), List.of());

            for (int row = 0; row < 3; row++) {
                assertThat(tuned(found, row)).as("row %d", row).isLessThan(logit(found, row));
            }
            assertThat(tuned(found, 3)).isZero();
            assertThat(logit(found, 3)).isZero();
            LensChecks.assertThatTheLastRowIsTheModels(found, model, IDS, List.of());
            List<Double> losses =
                    ((Curve) panel(found, TunedLens.TRAINING)).lines().get(0).y();
            assertThat(losses).hasSize(120);
            assertThat(losses.get(119)).isLessThan(losses.get(0));
        }
    }

    @Test
    void heldOutBitsAreThoseOfPlainLoops() {
        int[] text = text(31, 96);
        try (HookedTransformer model = RandomModel.of(LLAMA, 3)) {
            Findings found = run(model, parameters(text, 1, 1e-8), List.of());

            // Six pieces of sixteen tokens, of which the last is held out.
            int[] heldOut = IntStream.range(80, 96).map(i -> text[i]).toArray();
            Findings lens = LensChecks.run(model, heldOut, List.of(), List.of());
            double[] nats = IntStream.range(0, 16)
                    .mapToDouble(p ->
                            LensChecks.panel(lens, LogitLens.DIVERGENCE).grid().at(1, p))
                    .toArray();
            double mean =
                    IntStream.range(0, 16).mapToDouble(p -> nats[p]).average().orElseThrow();
            assertThat(logit(found, 1)).isCloseTo(mean / Math.log(2), within(1e-4));
        }
    }

    @Test
    void theSameSeedGivesTheSameLens() {
        try (HookedTransformer model = RandomModel.of(GPT2, 3)) {
            Parameters parameters = parameters(text(31, 320), 20, 0.01);

            assertThat(table(run(model, parameters, List.of())).rows())
                    .isEqualTo(table(run(model, parameters, List.of())).rows());
        }
    }

    @Test
    void theMaskHoldsWhileTrainingAndWhileReading() {
        List<Intervention> mask = List.of(new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Zero()));
        try (HookedTransformer model = RandomModel.of(GPT2, 3)) {
            Parameters parameters = parameters(text(31, 320), 20, 0.01);
            Findings masked = run(model, parameters, mask);
            Findings full = run(model, parameters, List.of());

            LensChecks.assertThatTheLastRowIsTheModels(masked, model, IDS, mask);
            assertThat(masked.receipts()).hasSize(1);
            assertThat(tuned(masked, 2)).isNotCloseTo(tuned(full, 2), within(1e-7));
        }
    }

    @Test
    void aChangedFinalNormIsRefusedByName() {
        HookSite norm = HookSite.global(SiteKind.LN_FINAL_NORMALIZED);
        try (HookedTransformer model = RandomModel.of(GPT2, 5);
                RunResult other = model.run(
                        RunRequest.of(TokenBatch.of(IDS)).capture(norm).build())) {
            List<Intervention> frozen = List.of(new Intervention.Freeze(Set.of(norm), other.cache()));

            assertThatThrownBy(() -> run(model, parameters(text(31, 96), 1, 0.01), frozen))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("final norm");
        }
    }

    @Test
    void aTextTooShortToHoldAPieceOutIsRefused() {
        try (HookedTransformer model = RandomModel.of(GPT2, 5)) {
            assertThatThrownBy(() -> run(model, parameters(text(31, 31), 1, 0.01), List.of()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("32 tokens");
        }
    }

    @Test
    void postNormModelsAreRefused() {
        ModelConfig config = with(
                GPT2,
                new BlockSpec(BlockSpec.Arrangement.POST_NORM, GPT2.block().norm()),
                GPT2.unembed());
        try (HookedTransformer model = RandomModel.of(config, 1)) {
            assertThatThrownBy(() -> run(model, parameters(text(31, 96), 1, 0.01), List.of()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("tuned lens does not apply");
        }
    }

    @Test
    void trainingCanBeCancelled() {
        try (HookedTransformer model = RandomModel.of(GPT2, 1)) {
            int before = model.ownedResources();
            Progress stopping = new Progress() {
                private boolean training;

                @Override
                public void report(long done, long total, String message) {
                    training |= message.startsWith("training");
                }

                @Override
                public boolean isCancelled() {
                    return training;
                }

                @Override
                public void partial(Panel panel) {}
            };

            assertThatThrownBy(() ->
                            new TunedLens().run(IdContexts.of(model), parameters(text(31, 96), 10_000, 0.01), stopping))
                    .isInstanceOf(CancelledException.class);
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomModel.of(LLAMA, 1)) {
            run(model, parameters(text(31, 96), 2, 0.01), List.of());
            int before = model.ownedResources();

            run(model, parameters(text(31, 96), 5, 0.01), List.of());

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static int[] text(int vocab, int length) {
        SplittableRandom random = new SplittableRandom(4);
        return IntStream.range(0, length).map(i -> random.nextInt(vocab)).toArray();
    }

    private static Parameters parameters(int[] text, int steps, double rate) {
        return new Parameters(prompt(IDS), null, null, prompt(text), 16, 1000, steps, 64, rate);
    }

    private static Findings run(HookedTransformer model, Parameters parameters, List<Intervention> standing) {
        return new TunedLens().run(IdContexts.of(model, standing, SweepJournal.none()), parameters, Progress.none());
    }

    private static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static Table table(Findings found) {
        return (Table) panel(found, TunedLens.LAYERS);
    }

    private static double logit(Findings found, int row) {
        return (double) table(found).rows().get(row).get(1);
    }

    private static double tuned(Findings found, int row) {
        return (double) table(found).rows().get(row).get(2);
    }
}
