package org.headscope.analysis.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.circuit.FullWeights.norm;
import static org.headscope.analysis.circuit.FullWeights.times;
import static org.headscope.analysis.circuit.FullWeights.transposed;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.linalg.Svd;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.SampleSummary;
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

    /** Measured once with NumPy for Gaussian factors of d_head 64: .0357 for a width of 768, .0443 for 512. */
    @Test
    void theBaselineOfWideModelsIsTheKnownOne() {
        assertThat(ChanceComposition.draw(new Dims(2, 1, 1, 768, 64, 0, 8, 8), 4, 1)
                        .mean())
                .isCloseTo(0.0357, within(0.0005));
        assertThat(ChanceComposition.draw(new Dims(2, 1, 1, 512, 64, 0, 8, 8), 4, 1)
                        .mean())
                .isCloseTo(0.0443, within(0.0005));
    }

    /** Two circuits with few, unequal singular values; one is turned by random rotations, 4000 times. */
    @Test
    void momentsOfRandomRotationsAreThoseOfDrawnOnes() {
        int width = 6;
        double[] a = {0.7, 0.3};
        double[] b = {0.5, 0.4, 0.1};
        Random random = new Random(3);
        double[] squares = new double[4000];
        for (int draw = 0; draw < squares.length; draw++) {
            double[] gaussian = new double[width * width];
            Arrays.setAll(gaussian, i -> random.nextGaussian());
            Matrix rotation = rotation(Matrix.of(width, width, gaussian));
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < b.length; j++) {
                    squares[draw] += a[i] * b[j] * rotation.at(i, j) * rotation.at(i, j);
                }
            }
        }

        SampleSummary drawn = SampleSummary.of(squares, new Bootstrap(1, 0.5, 1));
        RotationNull exact = new RotationNull(width);
        double sender = 0.7 * 0.7 + 0.3 * 0.3;
        double receiver = 0.5 * 0.5 + 0.4 * 0.4 + 0.1 * 0.1;
        assertThat(drawn.mean()).isCloseTo(exact.mean(), within(0.004));
        assertThat(drawn.deviation()).isCloseTo(exact.deviation(sender, receiver), within(0.004));
    }

    /** {@code U V^T} of a Gaussian matrix is uniformly distributed over rotations and reflections. */
    private static Matrix rotation(Matrix gaussian) {
        Svd svd = Matrices.svd(gaussian);
        return Matrices.multiply(svd.u(), svd.vt());
    }

    @Test
    void theKeysOfTheInductionHeadStandFarOutsideRandomRotations() {
        try (HookedTransformer model = InductionModel.create()) {
            Grid keys = grid(run(model), 6);

            // 32 equal singular values on both sides of a width of 160: score 1 / 32 against 1 / 160.
            double deviation = new RotationNull(160).deviation(1 / 32.0, 1 / 32.0);
            assertThat(keys.at(1, 2)).isCloseTo((1 / 32.0 - 1 / 160.0) / deviation, within(1e-6));
            assertThat(keys.at(1, 2)).isGreaterThan(50);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void unrelatedHeadsLieWithinAFewDeviations(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 7)) {
            double[] values = Arrays.stream(grid(run(model), 6).toArray())
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            assertThat(Arrays.stream(values).average().orElseThrow()).isBetween(-0.8, 0.8);
            assertThat(values).hasSize(3 * HEADS * HEADS);
            assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow()).isLessThan(7);
        }
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
