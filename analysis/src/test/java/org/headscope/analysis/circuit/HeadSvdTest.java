package org.headscope.analysis.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.weights.MlpWeights;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class HeadSvdTest {
    private static final Dims DIMS = new Dims(2, 4, 2, 16, 6, 24, 16, 31);

    @Test
    void theSpectrumIsThatOfTheWholeMatrix() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 9)) {
            Findings found = run(model, 1, 3);
            Matrix whole = Matrix.of(new FullWeights(model).ov(1, 3));
            List<Double> values = Matrices.singularValues(whole);

            List<List<Object>> rows = directions(found).rows();
            assertThat(rows).hasSize(DIMS.dHead());
            for (int i = 0; i < rows.size(); i++) {
                assertThat((double) rows.get(i).get(1)).isCloseTo(values.get(i), within(1e-9));
            }
            assertThat(ranks(found).at(1, 3)).isCloseTo(Matrices.effectiveRank(whole), within(1e-6));
        }
    }

    @Test
    void aDirectionThatIsReadIsWrittenWithItsSingularValue() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(new Dims(1, 2, 2, 16, 6, 24, 16, 31)), 9)) {
            HeadFactors head = HeadReader.of(model, "Test").layer(0).get(1);
            CircuitSpectrum spectrum = CircuitSpectrum.ov(head);

            Matrix written = Matrices.multiply(
                    Matrices.multiply(head.o(), head.v()), spectrum.right().transpose());
            for (int i = 0; i < 16; i++) {
                double expected = spectrum.values().get(2) * spectrum.left().at(2, i);
                assertThat(written.at(i, 2)).isCloseTo(expected, within(1e-9));
            }
        }
    }

    @Test
    void theInductionHeadMovesThirtyTwoTokensEachIntoItself() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(model, 1, 2);

            assertThat(ranks(found).at(1, 2)).isCloseTo(32, within(1e-9));
            assertThat(ranks(found).at(1, 0)).isNaN();
            assertThat(directions(found).rows()).hasSize(8).allSatisfy(row -> {
                assertThat(row.get(2)).isEqualTo(row.get(3));
                assertThat(row.get(4)).isEqualTo(row.get(5));
            });
        }
    }

    @Test
    void aHeadThatDoesNotExistIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThatThrownBy(() -> run(model, 0, 4))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("0 to 3");
        }
    }

    @Test
    void queriesAndKeysHaveTheSpectrumOfTheirWholeMatrix() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 9)) {
            Findings found = run(model, SvdMatrix.QK, 1, 3);
            Matrix whole = Matrix.of(new FullWeights(model).qk(1, 3));
            List<Double> values = Matrices.singularValues(whole);

            List<List<Object>> rows = directions(found).rows();
            for (int i = 0; i < rows.size(); i++) {
                assertThat((double) rows.get(i).get(1)).isCloseTo(values.get(i), within(1e-9));
            }
            double all = values.stream().mapToDouble(v -> v * v).sum();
            double top = values.stream().limit(2).mapToDouble(v -> v * v).sum();
            assertThat(((HeadGrid) found.panels().get(2)).grid().at(1, 3))
                    .isCloseTo(Matrices.effectiveRank(whole), within(1e-6));
            assertThat(((HeadGrid) found.panels().get(3)).grid().at(1, 3)).isCloseTo(top / all, within(1e-9));
        }
    }

    @Test
    void aQueryDirectionLooksForItsKeyDirectionWithItsSingularValue() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 9)) {
            HeadFactors head = HeadReader.of(model, "Test").layer(0).get(2);
            CircuitSpectrum spectrum = CircuitSpectrum.qk(head);

            Matrix q = Matrices.multiply(head.q(), spectrum.left().transpose());
            Matrix k = Matrices.multiply(head.k(), spectrum.right().transpose());
            Matrix scores = Matrices.multiply(q.transpose(), k);
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 6; j++) {
                    double expected = i == j ? spectrum.values().get(i) : 0;
                    assertThat(scores.at(i, j)).isCloseTo(expected, within(1e-9));
                }
            }
        }
    }

    /** The largest singular value against the norm of the matrix times its own direction, gains by plain loops. */
    @Test
    void mlpMatricesAreReadWithTheirNorms() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 9)) {
            var block = model.weights().blocks().get(1);
            var mlp = (MlpWeights.Gated) Objects.requireNonNull(block.mlp());
            float[] in = mlp.in().weight().toFloatArray();
            float[] gain = Objects.requireNonNull(
                            Objects.requireNonNull(block.norms().ln2()).weight())
                    .toFloatArray();
            double[] folded = new double[in.length];
            for (int i = 0; i < in.length; i++) {
                folded[i] = (double) in[i] * gain[i % 16];
            }

            Table all = (Table) run(model, SvdMatrix.MLP_IN, 1, 0).panels().get(4);

            List<Double> values = Matrices.singularValues(Matrix.of(24, 16, folded));
            assertThat((double) all.rows().get(1).get(1)).isCloseTo(values.get(0), within(1e-9));
            assertThat(directions(run(model, SvdMatrix.MLP_OUT, 1, 0)).columns())
                    .extracting(Table.Column::name)
                    .containsExactly("direction", "singular value", "writes", "writes, other end");
        }
    }

    @Test
    void aMatrixThatTheModelLacksIsRefused() {
        try (HookedTransformer none = InductionModel.create();
                HookedTransformer plain = RandomModel.of(RandomModel.gpt2(DIMS), 9)) {
            assertThatThrownBy(() -> run(none, SvdMatrix.MLP_IN, 0, 0)).hasMessageContaining("no MLPs");
            assertThatThrownBy(() -> run(plain, SvdMatrix.MLP_GATE, 0, 0)).hasMessageContaining("no gate");
        }
    }

    private static Findings run(HookedTransformer model, int layer, int head) {
        return run(model, SvdMatrix.OV, layer, head);
    }

    private static Findings run(HookedTransformer model, SvdMatrix matrix, int layer, int head) {
        return new HeadSvd()
                .run(IdContexts.of(model), new HeadSvd.Parameters(layer, head, matrix, 8, 1, 2), Progress.none());
    }

    private static Table directions(Findings found) {
        return (Table) found.panels().get(found.panels().size() - 1);
    }

    private static Grid ranks(Findings found) {
        return ((HeadGrid) found.panels().get(0)).grid();
    }
}
