package org.headscope.hooks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.UnembedSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightProcessingTest {
    private static final Dims DIMS = new Dims(2, 4, 4, 24, 6, 40, 16, 30);
    private static final Dims GROUPED = new Dims(2, 4, 2, 24, 6, 40, 16, 30);
    private static final ModelConfig LAYER_NORM = RandomModel.gpt2(DIMS);
    private static final ModelConfig RMS_NORM = RandomModel.llama(GROUPED);
    private static final Set<ProcessingStep> ALL = EnumSet.allOf(ProcessingStep.class);
    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6};

    @ParameterizedTest
    @EnumSource(ProcessingStep.class)
    void everyStepKeepsTheProbabilities(ProcessingStep step) {
        try (HookedTransformer raw = RandomModel.of(LAYER_NORM, 1);
                HookedTransformer processed = processed(LAYER_NORM, Set.of(step))) {
            assertThat(logProbs(processed)).containsExactly(logProbs(raw), within(2e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "parallel"})
    void allStepsTogetherKeepTheProbabilities(String style) {
        ModelConfig config = style.equals("gpt2") ? LAYER_NORM : style.equals("llama") ? RMS_NORM : parallel();
        try (HookedTransformer raw = RandomModel.of(config, 1);
                HookedTransformer processed = processed(config, ALL)) {
            assertThat(logProbs(processed)).containsExactly(logProbs(raw), within(2e-5f));
        }
    }

    @Test
    void foldedWeightsBehindALayerNormHaveCentredRowsAndNoGain() {
        try (HookedTransformer model = processed(LAYER_NORM, Set.of(ProcessingStep.FOLD_LN))) {
            BlockWeights block = model.weights().blocks().get(1);
            assertThat(block.norms().ln1()).isEqualTo(new NormWeights(null, null));
            assertThat(model.weights().unembed().finalNorm()).isEqualTo(new NormWeights(null, null));
            assertThat(largestMean(block.attention().k().weight(), 1)).isLessThan(1e-6f);
            assertThat(largestMean(
                            ((MlpWeights.Plain) Objects.requireNonNull(block.mlp()))
                                    .in()
                                    .weight(),
                            1))
                    .isLessThan(1e-6f);
            assertThat(largestMean(model.weights().unembed().unembed().weight(), 1))
                    .isLessThan(1e-6f);
        }
    }

    @Test
    void behindAnRmsNormRowsAreNotCentredAndNoBiasAppears() {
        try (HookedTransformer model = processed(RMS_NORM, Set.of(ProcessingStep.FOLD_LN))) {
            Linear q = model.weights().blocks().get(0).attention().q();
            assertThat(largestMean(q.weight(), 1)).isGreaterThan(1e-3f);
            assertThat(q.bias()).isNull();
        }
    }

    @Test
    void foldingMultipliesColumnsByTheGainAndAddsTheFoldedBias() {
        try (HookedTransformer raw = RandomModel.of(RMS_NORM, 1);
                HookedTransformer folded = processed(RMS_NORM, Set.of(ProcessingStep.FOLD_LN))) {
            BlockWeights before = raw.weights().blocks().get(1);
            float gain = Objects.requireNonNull(
                            Objects.requireNonNull(before.norms().ln1()).weight())
                    .getFloat(5);
            float weight = before.attention().v().weight().getFloat(3, 5);
            assertThat(folded.weights().blocks().get(1).attention().v().weight().getFloat(3, 5))
                    .isCloseTo(gain * weight, within(1e-7f));
        }
    }

    @Test
    void everythingWrittenToTheStreamIsCentred() {
        try (HookedTransformer model = processed(LAYER_NORM, Set.of(ProcessingStep.CENTER_WRITING_WEIGHTS))) {
            ModelWeights w = model.weights();
            assertThat(largestMean(w.embed().tokens(), 1)).isLessThan(1e-6f);
            assertThat(largestMean(Objects.requireNonNull(w.embed().positions()), 1))
                    .isLessThan(1e-6f);
            assertThat(largestMean(w.blocks().get(0).attention().o().weight(), 0))
                    .isLessThan(1e-6f);
            assertThat(largestMean(
                            Objects.requireNonNull(w.blocks().get(0).mlp())
                                    .out()
                                    .weight(),
                            0))
                    .isLessThan(1e-6f);
            try (RunResult run = run(model, List.of(), HookSite.of(SiteKind.RESID_POST, 1))) {
                assertThat(largestMean(run.cache().get(HookSite.of(SiteKind.RESID_POST, 1)), 2))
                        .isLessThan(1e-6f);
            }
        }
    }

    @Test
    void centredUnembeddingShiftsTheLogitsOfAPositionByTheirMean() {
        try (HookedTransformer raw = RandomModel.of(LAYER_NORM, 1);
                HookedTransformer model = processed(LAYER_NORM, Set.of(ProcessingStep.CENTER_UNEMBED));
                RunResult before = run(raw, List.of());
                RunResult after = run(model, List.of())) {
            NDArray expected = before.logits().sub(before.logits().mean(new int[] {2}, true));
            assertThat(after.logits().toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-5f));
        }
    }

    @Test
    void aTiedUnembeddingComesApart() {
        try (HookedTransformer raw = RandomModel.of(LAYER_NORM, 1);
                HookedTransformer model = processed(LAYER_NORM, Set.of(ProcessingStep.CENTER_UNEMBED))) {
            assertThat(raw.weights().embed().tokens())
                    .isSameAs(raw.weights().unembed().unembed().weight());
            assertThat(model.weights().embed().tokens().toFloatArray())
                    .isEqualTo(raw.weights().embed().tokens().toFloatArray());
            assertThat(model.weights().unembed().unembed().weight().toFloatArray())
                    .isNotEqualTo(raw.weights().embed().tokens().toFloatArray());
        }
    }

    /** With raw weights zeroing z drops the head's value bias as well; with folded ones it stays in b_O. */
    @Test
    void zeroAblationDiffersByTheValueBiasOfTheHead() {
        HookSite out = HookSite.of(SiteKind.ATTN_OUT, 0);
        List<Intervention> zero = List.of(new Intervention.Ablate(new Target.Head(0, 2), new Ablation.Zero()));
        try (HookedTransformer raw = RandomModel.of(LAYER_NORM, 1);
                HookedTransformer folded = processed(LAYER_NORM, Set.of(ProcessingStep.FOLD_VALUE_BIASES));
                RunResult before = run(raw, zero, out);
                RunResult after = run(folded, zero, out)) {
            AttentionWeights a = raw.weights().blocks().get(0).attention();
            NDArray bias = Objects.requireNonNull(a.v().bias()).get("12:18").reshape(6, 1);
            NDArray expected = a.o().weight().get(":, 12:18").matMul(bias).reshape(-1);
            NDArray difference =
                    after.cache().get(out).get(0, 3).sub(before.cache().get(out).get(0, 3));
            assertThat(difference.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-6f));
            assertThat(expected.abs().max().getFloat()).isGreaterThan(1e-3f);
        }
    }

    @Test
    void whatDoesNotFitIsSkippedWithItsReason() {
        try (HookedTransformer model = RandomModel.of(RMS_NORM, 1)) {
            WeightProcessing.Result result = WeightProcessing.apply(RMS_NORM, model.weights(), ALL);
            assertThat(result.applied()).containsExactly(ProcessingStep.FOLD_LN, ProcessingStep.CENTER_UNEMBED);
            assertThat(result.skipped())
                    .containsOnlyKeys(ProcessingStep.CENTER_WRITING_WEIGHTS, ProcessingStep.FOLD_VALUE_BIASES);
            assertThat(result.skipped().get(ProcessingStep.CENTER_WRITING_WEIGHTS))
                    .contains("RMSNorm");
        }
    }

    @Test
    void softCappedLogitsAreNotCentred() {
        ModelConfig capped = with(RMS_NORM, new UnembedSpec(30.0, false, false));
        try (HookedTransformer model = RandomModel.of(capped, 1)) {
            assertThat(WeightProcessing.apply(capped, model.weights(), ALL).skipped())
                    .containsKey(ProcessingStep.CENTER_UNEMBED);
        }
    }

    @Test
    void postNormModelsAreLeftAloneExceptForTheirUnembeddingAndValueBiases() {
        ModelConfig post = with(LAYER_NORM, BlockSpec.Arrangement.POST_NORM);
        try (HookedTransformer model = RandomModel.of(post, 1)) {
            assertThat(WeightProcessing.apply(post, model.weights(), ALL).applied())
                    .containsExactly(ProcessingStep.CENTER_UNEMBED, ProcessingStep.FOLD_VALUE_BIASES);
        }
    }

    @Test
    void modelsWithoutNormsAreNotFolded() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThat(WeightProcessing.apply(model.config(), model.weights(), ALL)
                            .skipped())
                    .containsKeys(ProcessingStep.FOLD_LN, ProcessingStep.CENTER_WRITING_WEIGHTS);
        }
    }

    @Test
    void attentionThatDoesNotSumToOneKeepsItsValueBiases() {
        try (HookedTransformer model = RandomModel.of(LAYER_NORM, 1);
                NDManager manager = model.newManager()) {
            var sinks = new AttentionWeights.Extras(null, null, manager.zeros(new ai.djl.ndarray.types.Shape(4)));
            List<BlockWeights> blocks = model.weights().blocks().stream()
                    .map(b -> new BlockWeights(
                            new AttentionWeights(
                                    b.attention().q(),
                                    b.attention().k(),
                                    b.attention().v(),
                                    b.attention().o(),
                                    sinks),
                            b.mlp(),
                            b.norms()))
                    .toList();
            ModelWeights weights = new ModelWeights(
                    model.weights().embed(), blocks, model.weights().unembed());
            assertThat(WeightProcessing.apply(LAYER_NORM, weights, ALL).skipped())
                    .containsKey(ProcessingStep.FOLD_VALUE_BIASES);
        }
    }

    @Test
    void strictProcessingRefusesWhatDoesNotFit() {
        try (HookedTransformer model = RandomModel.of(RMS_NORM, 1)) {
            assertThatThrownBy(() -> WeightProcessing.applyAll(
                            RMS_NORM, model.weights(), Set.of(ProcessingStep.CENTER_WRITING_WEIGHTS)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("center_writing_weights")
                    .hasMessageContaining("RMSNorm");
        }
    }

    private static HookedTransformer processed(ModelConfig config, Set<ProcessingStep> steps) {
        HookedTransformer raw = RandomModel.of(config, 1);
        ModelWeights weights =
                WeightProcessing.apply(config, raw.weights(), steps).weights();
        NDManager manager = org.headscope.hooks.runtime.Engines.newManager();
        weights.arrays().forEach(array -> array.attach(manager));
        raw.close();
        return new HookedTransformer(config, weights, manager);
    }

    private static ModelConfig parallel() {
        return with(LAYER_NORM, BlockSpec.Arrangement.PARALLEL);
    }

    private static ModelConfig with(ModelConfig c, BlockSpec.Arrangement arrangement) {
        BlockSpec block = new BlockSpec(arrangement, c.block().norm());
        return new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), block, c.mlp(), c.unembed());
    }

    private static ModelConfig with(ModelConfig c, UnembedSpec unembed) {
        return new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), c.block(), c.mlp(), unembed);
    }

    private static RunResult run(HookedTransformer model, List<Intervention> interventions, HookSite... sites) {
        return model.run(RunRequest.of(TokenBatch.of(IDS))
                .edits(new Interventions(model.config()).compile(interventions))
                .capture(sites)
                .build());
    }

    private static float[] logProbs(HookedTransformer model) {
        try (RunResult run = run(model, List.of())) {
            return run.logits().logSoftmax(2).toFloatArray();
        }
    }

    private static float largestMean(NDArray array, int axis) {
        return array.mean(new int[] {axis}).abs().max().getFloat();
    }
}
