package org.headscope.app.detectview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.report.SampleRun;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class ScoreTest {
    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final List<GridCell> ALL = IntStream.range(0, LAYERS * HEADS)
            .mapToObj(i -> new GridCell(i / HEADS, i % HEADS))
            .toList();

    private final OpenModel model = new OpenModel(InductionModel.create());
    private final Score own = score("own", Axis.heads(HEADS), 1, new double[] {1, 2, 3, 4, 5, 6, Double.NaN, 8});
    private final Score shared = score("shared", Axis.kvHeads(2), 2, new double[] {30, 10, 20, 40});

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void headsOfAGroupShareTheirNumberAndItsCell() {
        assertThat(shared.shared()).isTrue();
        assertThat(shared.of(new GridCell(1, 3))).isEqualTo(40);
        assertThat(shared.of(new GridCell(0, 1))).isEqualTo(30);
        assertThat(shared.cell(new GridCell(1, 3))).isEqualTo(new GridCell(1, 1));
        assertThat(shared.heads(new GridCell(1, 1))).containsExactly(new GridCell(1, 2), new GridCell(1, 3));
        assertThat(own.heads(new GridCell(1, 1))).containsExactly(new GridCell(1, 1));
    }

    /** Groups with all numbers: (1.5, 30), (3.5, 10), (5.5, 20); ranks 1 2 3 against 3 1 2. */
    @Test
    void groupsCountOnceAndThoseWithAHoleNotAtAll() {
        Agreement found = Agreement.of(own, shared, ALL, 0);
        assertThat(found.heads()).isEqualTo(3);
        assertThat(found.grouped()).isTrue();
        assertThat(found.rho()).isCloseTo(-0.5, within(1e-12));
        assertThat(found.words()).contains("3 key-value heads");
    }

    @Test
    void oppositeOrdersAreAsUnlikelyAsEqualOnes() {
        Score up = score("up", Axis.heads(HEADS), 1, new double[] {1, 2, 3, 4, 5, 6, 7, 8});
        Score down = score("down", Axis.heads(HEADS), 1, new double[] {8, 7, 6, 5, 4, 3, 2, 1});
        Agreement same = Agreement.of(up, up, ALL, 3);
        Agreement opposite = Agreement.of(up, down, ALL, 3);
        assertThat(same.rho()).isCloseTo(1, within(1e-12));
        assertThat(opposite.rho()).isCloseTo(-1, within(1e-12));
        assertThat(same.p()).isLessThan(0.01).isGreaterThanOrEqualTo(2.0 / (1 + Agreement.SHUFFLES));
        assertThat(opposite.p()).isLessThan(0.01);
    }

    @Test
    void scoreThatIsTheSameEverywhereHasNoCorrelation() {
        Score flat = score("flat", Axis.heads(HEADS), 1, new double[HEADS * LAYERS]);
        assertThat(Agreement.of(flat, flat, ALL, 0).words()).startsWith("No rank correlation: 8 heads");
    }

    @Test
    void numberThatIsMissingMeetsNoThreshold() {
        Threshold threshold = new Threshold("own", 1, 8);
        assertThat(threshold.valueProperty().get()).isEqualTo(4.5);
        assertThat(threshold.meets(5)).isTrue();
        assertThat(threshold.meets(Double.NaN)).isFalse();
        threshold.atLeastProperty().set(false);
        assertThat(threshold.meets(5)).isFalse();
        assertThat(threshold.meets(4.5)).isTrue();
        assertThat(threshold.meets(Double.NaN)).isFalse();
    }

    private Score score(String title, Axis heads, int group, double[] numbers) {
        AnalysisCall call = new AnalysisCall(
                model,
                RunSettings.unmasked(model, BosPolicy.AUTO),
                AnalysisRegistry.load().get("head-detectors"),
                Map.of());
        Grid grid = Grid.of(List.of(Axis.layers(LAYERS), heads), numbers);
        return new Score(call, SampleRun.result(), new HeadGrid(title, Quantity.unsigned(title, ""), grid), group);
    }
}
