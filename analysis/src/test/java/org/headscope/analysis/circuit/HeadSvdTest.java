package org.headscope.analysis.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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

            List<List<Object>> rows = ((Table) found.panels().get(1)).rows();
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
            OvSpectrum spectrum = OvSpectrum.of(head);

            Matrix written = Matrices.multiply(
                    Matrices.multiply(head.o(), head.v()), spectrum.reads().transpose());
            for (int i = 0; i < 16; i++) {
                double expected = spectrum.values().get(2) * spectrum.writes().at(2, i);
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
            assertThat(((Table) found.panels().get(1)).rows()).hasSize(8).allSatisfy(row -> {
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

    private static Findings run(HookedTransformer model, int layer, int head) {
        return new HeadSvd().run(IdContexts.of(model), new HeadSvd.Parameters(layer, head, 8, 1), Progress.none());
    }

    private static Grid ranks(Findings found) {
        return ((HeadGrid) found.panels().get(0)).grid();
    }
}
