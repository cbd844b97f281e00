package org.headscope.analysis.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.linalg.Complex;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.GqaModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class CopyingScoresTest {
    private static final double NONE = Double.NaN;

    static Stream<ModelConfig> models() {
        return Stream.of(
                RandomModel.gpt2(new Dims(2, 4, 4, 16, 4, 24, 16, 31)),
                RandomModel.llama(new Dims(2, 4, 2, 16, 6, 24, 16, 31)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void theSmallMatrixGivesTheScoreOfTheWholeCircuit(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            Grid scores = scores(model);

            for (int layer = 0; layer < 2; layer++) {
                for (int head = 0; head < 4; head++) {
                    double[][] whole = new FullWeights(model).tokensToLogits(layer, head);
                    assertThat(scores.at(layer, head)).isCloseTo(direct(whole), within(1e-6));
                }
            }
        }
    }

    private static double direct(double[][] whole) {
        List<Complex> values = Matrices.eigenvalues(Matrix.of(whole));
        double trace = 0;
        for (int i = 0; i < whole.length; i++) {
            trace += whole[i][i];
        }
        return trace / values.stream().mapToDouble(Complex::abs).sum();
    }

    @Test
    void theInductionHeadCopiesAndNoOtherHeadReachesTheLogits() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThat(scores(model).toArray())
                    .containsExactly(new double[] {NONE, NONE, NONE, NONE, NONE, NONE, 1, NONE}, within(1e-9));
        }
    }

    @Test
    void theHeadThatCopiesFromAFixedDistanceScoresOne() {
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            assertThat(scores(model).toArray()).containsExactly(new double[] {NONE, NONE, 1, NONE}, within(1e-9));
        }
    }

    @Test
    void headsOfAGroupShareTheirValuesButNotWhatTheyWrite() {
        try (HookedTransformer model = GqaModel.create()) {
            Table best = (Table) run(model, 3).panels().get(1);

            assertThat(scores(model).toArray()).containsExactly(new double[] {1, 1, 1, 1}, within(1e-9));
            assertThat(best.rows())
                    .containsExactly(List.of("0.0", 1.0, 8.0), List.of("0.1", 1.0, 16.0), List.of("0.2", 1.0, 32.0));
        }
    }

    @Test
    void modelsThatNormaliseBehindTheirAdditionsAreRefused() {
        ModelConfig c = models().toList().get(0);
        BlockSpec block =
                new BlockSpec(BlockSpec.Arrangement.POST_NORM, c.block().norm());
        ModelConfig config =
                new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), block, c.mlp(), c.unembed());
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            assertThatThrownBy(() -> scores(model))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("does not apply");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomModel.of(models().toList().get(0), 3)) {
            int before = model.ownedResources();

            scores(model);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Grid scores(HookedTransformer model) {
        return ((HeadGrid) run(model, 10).panels().get(0)).grid();
    }

    private static Findings run(HookedTransformer model, int listed) {
        return new CopyingScores().run(IdContexts.of(model), new CopyingScores.Parameters(listed), Progress.none());
    }
}
