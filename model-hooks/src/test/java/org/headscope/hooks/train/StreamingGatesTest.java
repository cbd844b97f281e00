package org.headscope.hooks.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.StreamingWindow;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.FinalState;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.testing.SmallModels;
import org.headscope.hooks.train.StreamingGates.Loss;
import org.headscope.hooks.train.StreamingGates.Sample;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class StreamingGatesTest {
    private static final StreamingWindow WINDOW = new StreamingWindow(2, 4);
    private static final Sample SAMPLE = new Sample(new int[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7}, 9);

    static Stream<Supplier<HookedTransformer>> models() {
        return Stream.of(
                SmallModels::gpt2,
                SmallModels::llama,
                () -> SmallModels.arranged(BlockSpec.Arrangement.PARALLEL),
                () -> SmallModels.arranged(BlockSpec.Arrangement.POST_NORM));
    }

    @ParameterizedTest
    @MethodSource("models")
    void withAllGatesAtOneTheStudentIsTheTeacher(Supplier<HookedTransformer> make) {
        try (HookedTransformer model = make.get();
                StreamingGates gates = new StreamingGates(model, WINDOW, List.of())) {
            Loss loss = gates.learn(SAMPLE, 0.05);

            assertThat(loss.distance()).isZero();
            assertThat(loss.penalty()).isCloseTo(0.05, within(1e-7));
            assertThat(gates.receipts()).hasSize(4).anyMatch(receipt -> receipt.change() > 0.01);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void withAllGatesAtZeroTheStudentIsTheModelWithStreamingHeads(Supplier<HookedTransformer> make) {
        try (HookedTransformer model = make.get();
                StreamingGates gates = new StreamingGates(model, WINDOW, List.of())) {
            gates.set(new double[gates.values().length]);
            Set<Integer> heads = Set.of(0, 1, 2, 3);
            double[] full = last(model, List.of());
            double[] streaming = last(
                    model,
                    List.of(
                            new Intervention.Streaming(0, heads, WINDOW),
                            new Intervention.Streaming(1, heads, WINDOW)));
            double distance = IntStream.range(0, full.length)
                    .mapToDouble(i -> (full[i] - streaming[i]) * (full[i] - streaming[i]))
                    .average()
                    .orElseThrow();

            assertThat(gates.learn(SAMPLE, 0.05)).isEqualTo(new Loss(distance(gates), 0));
            assertThat(distance(gates)).isPositive().isCloseTo(distance, within(1e-5 * distance));
        }
    }

    private static double distance(StreamingGates gates) {
        return gates.learn(SAMPLE, 0).distance();
    }

    private static double[] last(HookedTransformer model, List<Intervention> interventions) {
        FinalState state = FinalState.of(model);
        RunRequest request = RunRequest.of(TokenBatch.of(SAMPLE.ids()))
                .edits(new Interventions(model.config()).compile(interventions))
                .capture(state.site())
                .build();
        try (RunResult run = model.run(request)) {
            float[] rows = state.read(run.cache().get(state.site()), SAMPLE.ids().length - SAMPLE.from())
                    .toFloatArray();
            return IntStream.range(0, rows.length).mapToDouble(i -> rows[i]).toArray();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsAreFiniteDifferences(Supplier<HookedTransformer> make) {
        double step = 1e-2;
        try (HookedTransformer model = make.get();
                StreamingGates gates = new StreamingGates(model, WINDOW, List.of())) {
            double[] at = IntStream.range(0, gates.values().length)
                    .mapToDouble(i -> 0.1 + 0.7 * i / gates.values().length)
                    .toArray();
            gates.set(at);
            gates.learn(SAMPLE, 0.05);
            double[] gradient = gates.gradient();
            for (int i = 0; i < at.length; i++) {
                double slope = (moved(gates, at, i, step) - moved(gates, at, i, -step)) / (2 * step);
                assertThat(gradient[i]).as("gate " + i).isCloseTo(slope, within(2e-4 + 0.01 * Math.abs(slope)));
            }
        }
    }

    private static double moved(StreamingGates gates, double[] from, int gate, double by) {
        double[] moved = from.clone();
        moved[gate] += by;
        gates.set(moved);
        return gates.learn(SAMPLE, 0.05).total();
    }

    /** Made with PyTorch autograd and the attention interface of transformers 5.18, nothing of this project. */
    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of("llama", 2, 0.50825065, new double[] {
                    -0.392484486, -0.462825179, -0.221943855, -0.219084725, -0.004122854, -0.179393753
                }),
                Arguments.of("qwen3", 2, 0.41543347, new double[] {
                    -0.455923676, -0.297638237, -0.088450059, -0.126550153, -0.008965707, -0.022393417
                }),
                Arguments.of("gpt2", 4, 0.24812624, new double[] {
                    -0.209537923,
                    -0.136400253,
                    -0.026249077,
                    -0.173009962,
                    -0.00227173,
                    -0.098080136,
                    -0.007719565,
                    -0.13205786,
                    0.014478032,
                    -0.010178439,
                    -0.039972726,
                    0.008765407
                }),
                Arguments.of("gpt_neox", 4, 0.18076237, new double[] {
                    -0.033308864,
                    -0.02472318,
                    -0.172868729,
                    -0.007884232,
                    -0.018615279,
                    -0.037088651,
                    -0.017851589,
                    -0.058750432,
                    -0.040867232,
                    -0.059893448,
                    -0.006961767,
                    -0.010477686
                }),
                Arguments.of(
                        "starcoder2", 2, 0.08313832, new double[] {-0.055768911, -0.11211057, -0.023671184, -0.056669768
                        }));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void lossAndGradientAgreeWithTheReference(String family, int kvHeads, double distance, double[] gradient) {
        Path folder = Path.of(System.getProperty("headscope.reference", ""), "tiny", family);
        Assumptions.assumeTrue(Files.exists(folder), "reference data 'tiny/" + family + "' is absent");
        try (HookedTransformer model = ModelLoader.load(folder);
                StreamingGates gates = new StreamingGates(model, WINDOW, List.of())) {
            int[] ids = IntStream.range(0, 14)
                    .map(i -> (7 * i * i + 3 * i + 5) % 120)
                    .toArray();
            double[] at = IntStream.range(0, gradient.length)
                    .mapToDouble(i -> (3 * i + 1) % 7 / 8.0 + 0.0625)
                    .toArray();
            gates.set(at);

            Loss loss = gates.learn(new Sample(ids, 9), 0.05);

            assertThat(model.config().dims().kvHeads()).isEqualTo(kvHeads);
            assertThat(loss.distance()).isCloseTo(distance, within(2e-6));
            assertThat(loss.penalty())
                    .isCloseTo(0.05 * Arrays.stream(at).average().orElseThrow(), within(1e-7));
            assertThat(gates.gradient()).containsExactly(gradient, within(2e-6));
        }
    }

    /** Only head 0.2 of this model writes anything, so only its gate is held up by the distance. */
    @Test
    void gatesOfHeadsThatDoNotMatterFallToZeroAndThatOfTheCopierStays() {
        try (HookedTransformer model = CopyRetrievalModel.create();
                StreamingGates gates = new StreamingGates(model, WINDOW, List.of())) {
            Sample sample = new Sample(IntStream.range(1, 31).toArray(), 14);
            for (int step = 0; step < 80; step++) {
                gates.learn(sample, 0.005);
                gates.step(0.02);
            }
            double[] values = gates.values();

            assertThat(new double[] {values[0], values[1], values[3]}).containsOnly(0);
            // Per position two of 128 dimensions change, by 1 - alpha each: the loss is (1-a)^2/64 + 0.005 a/4 or less.
            assertThat(values[CopyRetrievalModel.HEAD]).isGreaterThan(0.9);
        }
    }

    @Test
    void whatStandsHoldsInTeacherAndStudent() {
        Intervention off = new Intervention.Ablate(new Target.AttentionLayer(0), new Ablation.Zero());
        try (HookedTransformer model = SmallModels.llama();
                StreamingGates gates = new StreamingGates(model, WINDOW, List.of(off))) {
            gates.set(new double[] {0.5, 0.5, 1, 1});
            assertThat(gates.learn(SAMPLE, 0).distance()).isZero();
            assertThat(gates.receipts()).anyMatch(receipt -> receipt.label().equals(off.label()));
        }
    }

    @Test
    void trainingLeavesNoNativeMemoryBehind() {
        try (HookedTransformer model = SmallModels.llama()) {
            // The first run makes the tables of sines, which stay with the model.
            last(model, List.of());
            int before = model.ownedResources();
            try (StreamingGates gates = new StreamingGates(model, WINDOW, List.of())) {
                gates.learn(SAMPLE, 0.05);
                gates.step(0.02);
                int during = model.ownedResources();
                for (int i = 0; i < 5; i++) {
                    gates.learn(SAMPLE, 0.05);
                    gates.step(0.02);
                }
                assertThat(model.ownedResources()).isEqualTo(during);
            }
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    @Test
    void aTextOfWhichNothingCountsIsRefused() {
        assertThatThrownBy(() -> new Sample(new int[] {1, 2}, 2))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("position 2");
    }
}
