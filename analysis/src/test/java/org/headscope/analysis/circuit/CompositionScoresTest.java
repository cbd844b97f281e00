package org.headscope.analysis.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.circuit.FullWeights.norm;
import static org.headscope.analysis.circuit.FullWeights.times;
import static org.headscope.analysis.circuit.FullWeights.transposed;

import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.ProcessingStep;
import org.headscope.hooks.weights.WeightProcessing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class CompositionScoresTest {
    private static final int HEADS = 4;

    static Stream<ModelConfig> models() {
        return Stream.of(
                RandomModel.gpt2(new Dims(3, HEADS, HEADS, 16, 4, 24, 16, 31)),
                RandomModel.llama(new Dims(3, HEADS, 2, 16, 6, 24, 16, 31)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void thinFactorsGiveTheScoresOfTheWholeMatrices(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 7)) {
            FullWeights full = new FullWeights(model);
            Findings found = run(model);
            double chance = chance(found);

            for (int[] pair : new int[][] {{0, 1, 1, 2}, {0, 3, 2, 0}, {1, 2, 2, 3}}) {
                double[][] ov = full.ov(pair[0], pair[1]);
                double[][] qk = full.qk(pair[2], pair[3]);
                double[][] next = full.ov(pair[2], pair[3]);
                double both = norm(ov) * norm(qk);
                assertThat(List.of(at(found, 0, pair), at(found, 1, pair), at(found, 2, pair)))
                        .usingComparatorForType(
                                (a, b) -> Math.abs(a - b) < 1e-9 ? 0 : Double.compare(a, b), Double.class)
                        .containsExactly(
                                norm(times(transposed(qk), ov)) / both - chance,
                                norm(times(qk, ov)) / both - chance,
                                norm(times(next, ov)) / norm(ov) / norm(next) - chance);
            }
        }
    }

    private static double at(Findings found, int kind, int[] pair) {
        return grid(found, kind).at(pair[0] * HEADS + pair[1], (pair[2] - 1) * HEADS + pair[3]);
    }

    /** The keys of 1.2 read the 32 directions that 0.1 writes, and nothing else: 32 equal singular values on each side. */
    @Test
    void inTheInductionModelOnlyTheKeysOfTheInductionHeadReadThePreviousTokenHead() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model);
            double chance = chance(found);

            Table strongest = (Table) found.panels().get(3);
            List<List<Object>> keys = strongest.rows().stream()
                    .filter(row -> row.get(0).equals("K"))
                    .toList();
            assertThat(keys.get(0).subList(0, 3)).containsExactly("K", "0.1", "1.2");
            assertThat((double) keys.get(0).get(3)).isCloseTo(1 / Math.sqrt(32), within(1e-9));
            assertThat(keys.subList(1, keys.size()))
                    .allSatisfy(row -> assertThat((double) row.get(3)).isCloseTo(0, within(1e-9)));
            assertThat(grid(found, 0).at(1, 2)).isCloseTo(-chance, within(1e-9));
            assertThat(grid(found, 2).at(1, 2)).isCloseTo(-chance, within(1e-9));
        }
    }

    @Test
    void headsThatWriteNothingHaveNoScore() {
        try (HookedTransformer model = InductionModel.create()) {
            Grid keys = grid(run(model), 1);

            assertThat(keys.computed()).isEqualTo(4);
            assertThat(keys.at(0, 2)).isNaN();
        }
    }

    @Test
    void aHeadSendsOnlyToLaterLayers() {
        try (HookedTransformer model = RandomModel.of(models().toList().get(0), 7)) {
            Grid keys = grid(run(model), 1);

            assertThat(keys.computed()).isEqualTo(3 * HEADS * HEADS);
            assertThat(keys.at(HEADS, 0)).isNaN();
        }
    }

    @Test
    void foldingTheNormsBeforehandChangesNothing() {
        try (HookedTransformer model = RandomModel.of(models().toList().get(0), 7)) {
            ModelWeights folded = WeightProcessing.applyAll(
                            model.config(), model.weights(), List.of(ProcessingStep.FOLD_LN))
                    .weights();
            try (HookedTransformer processed = new HookedTransformer(model.config(), folded, model.newManager())) {
                assertThat(grid(run(processed), 0).toArray())
                        .containsExactly(grid(run(model), 0).toArray(), within(1e-6));
            }
        }
    }

    /** For Gaussian factors the expectation is close to 1 / sqrt(d_model); .1237 was measured for a width of 64. */
    @Test
    void theBaselineIsThatOfGaussianMatricesAndComesFromTheSeed() {
        Dims dims = new Dims(2, 4, 4, 64, 16, 0, 8, 8);

        ChanceComposition chance = ChanceComposition.draw(dims, 100, 1);

        assertThat(chance.mean()).isCloseTo(0.1237, within(0.002));
        assertThat(chance.rotated()).isEqualTo(0.125);
        assertThat(ChanceComposition.draw(dims, 100, 1)).isEqualTo(chance);
        assertThat(ChanceComposition.draw(dims, 100, 2)).isNotEqualTo(chance);
    }

    @Test
    void aModelOfOneLayerIsRefused() {
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            assertThatThrownBy(() -> run(model))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("one layer");
        }
    }

    private static Findings run(HookedTransformer model) {
        return new CompositionScores()
                .run(IdContexts.of(model), new CompositionScores.Parameters(10, 20), Progress.none());
    }

    private static double chance(Findings found) {
        return (double) ((Table) found.panels().get(4)).rows().get(0).get(1);
    }

    private static Grid grid(Findings found, int kind) {
        return ((HeadPairGrid) found.panels().get(kind)).grid();
    }
}
