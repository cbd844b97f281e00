package org.headscope.analysis.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.handbuilt.AmplifierModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class MlpDecompositionTest {
    private static final MlpDecomposition.Sets SETS =
            new MlpDecomposition.Sets(PlantedExamples.of(60, 0, 1), PlantedExamples.of(30, 0, 2));

    /** The MLP erases 0.0, adds half of 0.1, ignores 0.2 and says 2 for each of three tokens. */
    @Test
    void whatTheMlpDoesToEachHeadIsFoundInTheHandBuiltModel() {
        try (HookedTransformer model = AmplifierModel.create()) {
            Findings found = run(model, -1);
            HeadGrid weights = (HeadGrid) found.panels().get(0);
            List<Object> fit = row(found, MlpDecomposition.FIT);

            assertThat(weights.grid().toArray()).containsExactly(new double[] {-1, 0.5, 0}, within(1e-5));
            Interval interval = Objects.requireNonNull(weights.interval());
            assertThat(interval.lower().at(0, 1)).isCloseTo(0.5, within(1e-4));
            assertThat(interval.upper().at(0, 1)).isCloseTo(0.5, within(1e-4));
            assertThat((double) fit.get(2)).isCloseTo(1, within(1e-9));
            assertThat((double) fit.get(3)).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void theBiasSpeaksForTheClassAndNothingIsLeft() {
        try (HookedTransformer model = AmplifierModel.create()) {
            Findings found = run(model, 0);
            List<Object> bias = row(found, MlpDecomposition.BIAS);
            Table tokens = table(found, MlpDecomposition.TOKENS);

            for (int i = 0; i < 3; i++) {
                assertThat((String) tokens.rows().get(i).get(0)).isIn("t5", "t6", "t7");
                // 2 for three of eight tokens, less the mean.
                assertThat((double) tokens.rows().get(i).get(1)).isCloseTo(2 - 6 / 8.0, within(1e-4));
            }
            assertThat((double) bias.get(4)).isCloseTo(0, within(1e-4));
        }
    }

    @Test
    void whatCannotBeDecomposedIsRefused() {
        try (HookedTransformer attentionOnly = InductionModel.create();
                HookedTransformer model = AmplifierModel.create()) {
            assertThatThrownBy(() ->
                            new MlpDecomposition().run(IdContexts.of(attentionOnly), parameters(-1), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("no MLPs");
            assertThatThrownBy(() -> run(model, 1))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("--layer");
        }
    }

    @Test
    void nativeMemoryIsGivenBack() {
        try (HookedTransformer model = AmplifierModel.create()) {
            run(model, -1);
            int before = model.ownedResources();

            run(model, -1);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static MlpDecomposition.Parameters parameters(int layer) {
        return new MlpDecomposition.Parameters("capital", layer, 60, 30, 0);
    }

    private static Findings run(HookedTransformer model, int layer) {
        return MlpDecomposition.decompose(IdContexts.of(model), parameters(layer), SETS, Progress.none());
    }

    private static List<Object> row(Findings found, String title) {
        return table(found, title).rows().get(0);
    }

    private static Table table(Findings found, String title) {
        for (Panel panel : found.panels()) {
            if (panel.title().equals(title)) {
                return (Table) panel;
            }
        }
        throw new AssertionError("no panel " + title);
    }
}
