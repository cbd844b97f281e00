package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class CircuitSizesTest {
    private static final int[] CLEAN = {1, 2, 3, 4, 5};
    private static final int[] CORRUPT = {1, 7, 3, 9, 5};

    @Test
    void nothingDoesNothingEverythingDoesAllAndTheInductionCircuitTooWithThreeEdges() {
        try (HookedTransformer model = InductionModel.create()) {
            CircuitSizes.Parameters asked = asked(EdgeTests.INDUCTION, EdgeTests.NO_INDUCTION, "8", "12");
            Findings found = new CircuitSizes().run(IdContexts.of(model), asked, Progress.none());
            Curve.Line line =
                    ((Curve) panel(found, CircuitSizes.FAITHFULNESS)).lines().get(0);
            EdgeGraph all = (EdgeGraph) panel(found, CircuitSizes.GRAPH);

            assertThat(line.y().get(0)).isCloseTo(0, within(1e-6));
            assertThat(line.y().get(line.y().size() - 1)).isCloseTo(1, within(1e-6));
            assertThat(line.x().get(line.x().size() - 1)).isEqualTo(all.edges().size());
            try (CircuitStudy study = CircuitStudy.of(IdContexts.of(model), asked, all, Progress.none())) {
                CircuitStudy.Circuit three = study.circuit(CircuitGrowth.GREEDY, 3);
                assertThat(three.graph().edges())
                        .extracting(edge -> edge.from() + ">" + edge.to() + edge.input())
                        .containsExactlyInAnyOrder("input>a0.h1v", "a0.h1>a1.h2k", "a1.h2>logits");
                assertThat(three.heads()).containsExactly(MaskUnit.head(0, 1), MaskUnit.head(1, 2));
                assertThat(study.measure(CircuitGrowth.GREEDY, 3).faithfulness())
                        .isEqualTo(line.y().get(line.x().indexOf(3.0)))
                        .isCloseTo(1, within(1e-4));
            }
        }
    }

    @Test
    void aStudyThatGoesOnFromTheResultMeasuresWhatRunsOfTheSameEdgesGive() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(new Dims(2, 4, 2, 16, 6, 24, 32, 31)), 3)) {
            CircuitSizes.Parameters asked = asked(CLEAN, CORRUPT, "6", "2");
            Findings found = new CircuitSizes().run(IdContexts.of(model), asked, Progress.none());
            EdgeGraph all = (EdgeGraph) panel(found, CircuitSizes.GRAPH);
            EdgeSpace space = EdgeSpace.of(model);
            Contrast pair = new Contrast(CLEAN, CORRUPT, 6, 2);
            try (CircuitStudy study = CircuitStudy.of(IdContexts.of(model), asked, all, Progress.none());
                    CircuitRuns runs = EdgeTests.runs(model, space, pair)) {
                CircuitStudy.Circuit ten = study.circuit(CircuitGrowth.TOP, 10);
                String[] names = ten.graph().edges().stream()
                        .map(edge -> edge.from() + "->" + edge.to()
                                + (edge.input().isEmpty() ? "" : "<" + edge.input() + ">"))
                        .toArray(String[]::new);
                double clean = pair(runs, EdgeTests.all(space));
                double corrupt = pair(runs, EdgeTests.named(space));
                double kept = pair(runs, EdgeTests.named(space, names));

                assertThat(study.measure(CircuitGrowth.TOP, 10).faithfulness())
                        .isCloseTo((kept - corrupt) / (clean - corrupt), within(1e-5));
                assertThat(study.size()).isEqualTo(space.size());
            }
        }
    }

    private static double pair(CircuitRuns runs, BitSet circuit) {
        return EdgeTests.difference(runs, circuit);
    }

    private static CircuitSizes.Parameters asked(int[] clean, int[] corrupt, String answer, String foil) {
        return ParameterBinder.of(CircuitSizes.Parameters.class)
                .bind(Map.of(
                        "clean",
                        prompt(clean).line(),
                        "corrupt",
                        prompt(corrupt).line(),
                        "answer",
                        "ids:" + answer,
                        "foil",
                        "ids:" + foil));
    }

    private static Panel panel(Findings found, String title) {
        List<Panel> panels = found.panels();
        return panels.stream()
                .filter(one -> one.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
