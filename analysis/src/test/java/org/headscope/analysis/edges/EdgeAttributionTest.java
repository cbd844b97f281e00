package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching;
import org.headscope.analysis.patching.AttributionPatching;
import org.headscope.analysis.patching.PatchFindings;
import org.headscope.analysis.patching.PatchSite;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.Split;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.LinearModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("engine")
class EdgeAttributionTest {
    private static final EdgeAttribution EDGES = new EdgeAttribution();
    private static final int[] CLEAN = {1, 2, 3, 4, 5};
    private static final int[] CORRUPT = {1, 7, 3, 9, 5};
    private static final Contrast LINEAR = new Contrast(CLEAN, CORRUPT, 6, 2);

    /** All edges into the logits together are the whole difference, and so are all edges that leave the input. */
    @ParameterizedTest
    @EnumSource
    void inTheLinearModelAScoreIsWhatCorruptingTheEdgeDoes(EdgeMethod method) {
        try (HookedTransformer model = LinearModel.create()) {
            EdgeSpace space = EdgeSpace.of(model);
            double[] scores = EdgeTests.scores(model, method, 3, LINEAR);
            try (CircuitRuns runs = EdgeTests.runs(model, space, LINEAR)) {
                double clean = EdgeTests.difference(runs, EdgeTests.all(space));
                double corrupt = EdgeTests.difference(runs, new BitSet());
                for (int edge = 0; edge < space.size(); edge++) {
                    BitSet rest = EdgeTests.all(space);
                    rest.clear(edge);
                    assertThat(scores[edge])
                            .as(space.name(edge))
                            .isCloseTo(EdgeTests.difference(runs, rest) - clean, within(1e-4));
                }
                assertThat(sum(space, scores, "->logits")).isCloseTo(corrupt - clean, within(1e-4));
                assertThat(sum(space, scores, "input->")).isCloseTo(corrupt - clean, within(1e-4));
                assertThat(Math.abs(corrupt - clean)).isGreaterThan(0.1);
            }
        }
    }

    private static double sum(EdgeSpace space, double[] scores, String part) {
        return IntStream.range(0, scores.length)
                .filter(edge -> space.name(edge).contains(part))
                .mapToDouble(edge -> scores[edge])
                .sum();
    }

    /** One missing key: only the way through the keys carries it. */
    @Test
    void inTheInductionCircuitOnlyTheKeysOfTheInductionHeadCarryThePreviousToken() {
        try (HookedTransformer model = InductionModel.create()) {
            EdgeSpace space = EdgeSpace.of(model);
            double[] scores = EdgeTests.scores(model, EdgeMethod.EAP_IG, 150, EdgeTests.INDUCES);

            for (int edge = 0; edge < scores.length; edge++) {
                boolean carries = List.of("input->a0.h1<v>", "a0.h1->a1.h2<k>", "a1.h2->logits")
                        .contains(space.name(edge));
                if (!carries) {
                    assertThat(scores[edge]).as(space.name(edge)).isCloseTo(0, within(1e-4));
                }
            }
            // The difference of 10 has one way out of the input, and one way into the induction head.
            assertThat(scores[EdgeTests.find(space, "input->a0.h1<v>")]).isCloseTo(-10, within(0.3));
            assertThat(scores[EdgeTests.find(space, "a0.h1->a1.h2<k>")]).isCloseTo(-10, within(0.3));
            assertThat(scores[EdgeTests.find(space, "a1.h2->logits")]).isCloseTo(-10, within(1e-3));
        }
    }

    /** A saturated attention has no slope, so the plain form sees nothing of it; the corrupt end has too much. */
    @Test
    void theSlopeOfASaturatedAttentionMissesTheEdgeAndTheOtherEndOverstatesIt() {
        try (HookedTransformer model = InductionModel.create()) {
            int keys = EdgeTests.find(EdgeSpace.of(model), "a0.h1->a1.h2<k>");

            assertThat(EdgeTests.scores(model, EdgeMethod.EAP, 1, EdgeTests.INDUCES)[keys])
                    .isCloseTo(0, within(1e-4));
            assertThat(EdgeTests.scores(model, EdgeMethod.CLEAN_CORRUPTED, 1, EdgeTests.INDUCES)[keys])
                    .isCloseTo(-6.25, within(1e-2));
            assertThat(EdgeTests.scores(model, EdgeMethod.EAP_IG_ACTIVATIONS, 20, EdgeTests.INDUCES)[keys])
                    .isCloseTo(-10, within(0.5));
        }
    }

    /** The stream adds up: what leaves a head is what attribution patching says of the head. */
    @Test
    void edgesThatLeaveAHeadAddUpToItsAttribution() {
        try (HookedTransformer model = random()) {
            Findings found = EDGES.run(
                    IdContexts.of(model), given(prompt(CLEAN), prompt(CORRUPT), EdgeMethod.EAP), Progress.none());
            PatchFindings patched = new AttributionPatching()
                    .run(
                            IdContexts.of(model),
                            new ActivationPatching.Parameters(
                                    prompt(CLEAN),
                                    prompt(CORRUPT),
                                    prompt(6),
                                    prompt(2),
                                    PatchSite.HEAD_Z,
                                    ActivationPatching.Mode.NOISE),
                            Progress.none());

            double[] changes = Arrays.stream(patched.patched().grid().toArray())
                    .map(value -> value - patched.clean())
                    .toArray();
            assertThat(((HeadGrid) found.panels().get(2)).grid().toArray()).containsExactly(changes, within(1e-5));
        }
    }

    @Test
    void withManyStepsTheEdgesOfTheInputAddUpToTheWholeDifference() {
        Contrast pair = new Contrast(CLEAN, CORRUPT, 6, 2);
        try (HookedTransformer model = random()) {
            EdgeSpace space = EdgeSpace.of(model);
            double gap;
            try (CircuitRuns runs = EdgeTests.runs(model, space, pair)) {
                gap = EdgeTests.difference(runs, new BitSet()) - EdgeTests.difference(runs, EdgeTests.all(space));
            }
            double few = sum(space, EdgeTests.scores(model, EdgeMethod.EAP_IG, 5, pair), "input->") - gap;
            double many = sum(space, EdgeTests.scores(model, EdgeMethod.EAP_IG, 160, pair), "input->") - gap;

            assertThat(Math.abs(many)).isLessThan(Math.abs(few) / 10).isLessThan(0.02 * Math.abs(gap));
        }
    }

    /** Members of a batch do not see each other: the slope of the sum is the slope of each. */
    @Test
    void pairsThatAreScoredTogetherHaveTheScoresTheyHaveAlone() {
        Contrast one = new Contrast(CLEAN, CORRUPT, 6, 2);
        Contrast other = new Contrast(CORRUPT, new int[] {4, 7, 3, 9, 5}, 3, 8);
        try (HookedTransformer model = random()) {
            var scorer = new EdgeScorer(IdContexts.of(model), EdgeSpace.of(model), EdgeMethod.EAP_IG, 3);
            ContrastSet together = new ContrastSet(List.of(new Contrast.Batch(List.of(one, other))), 2);

            double[][] scores = scorer.score(together, Progress.none()).scores();

            assertThat(scores[0]).containsExactly(EdgeTests.scores(model, EdgeMethod.EAP_IG, 3, one), within(1e-5));
            assertThat(scores[1]).containsExactly(EdgeTests.scores(model, EdgeMethod.EAP_IG, 3, other), within(1e-5));
        }
    }

    @Test
    void aHeadThatStandsAblatedHasNoEdges() {
        var off = new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero());
        try (HookedTransformer model = random()) {
            AnalysisContext context = IdContexts.of(model, List.of(off), SweepJournal.none());

            Findings found =
                    EDGES.run(context, given(prompt(CLEAN), prompt(CORRUPT), EdgeMethod.EAP_IG), Progress.none());

            HeadGrid heads = (HeadGrid) found.panels().get(2);
            assertThat(heads.grid().at(0, 1)).isZero();
            assertThat(heads.grid().at(0, 0)).isNotZero();
            assertThat(found.receipts()).singleElement().satisfies(one -> assertThat(one.label())
                    .isEqualTo("0.1 zero"));
        }
    }

    @Test
    void whatEditsTheStreamBetweenPartsIsRefusedByName() {
        var skip = new Intervention.Skip(Intervention.Skip.Part.ATTENTION, 1);
        try (HookedTransformer model = random()) {
            AnalysisContext context = IdContexts.of(model, List.of(skip), SweepJournal.none());

            assertThatThrownBy(() ->
                            EDGES.run(context, given(prompt(CLEAN), prompt(CORRUPT), EdgeMethod.EAP), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("skip attention 1");
        }
    }

    @Test
    void theGraphHoldsTheLargestEdgesAndTheTableTheSame() {
        try (HookedTransformer model = random()) {
            Findings found = EDGES.run(
                    IdContexts.of(model), given(prompt(CLEAN), prompt(CORRUPT), EdgeMethod.EAP), Progress.none());

            EdgeGraph graph = (EdgeGraph) found.panels().get(0);
            Table table = (Table) found.panels().get(1);
            assertThat(graph.edges()).hasSize(20);
            assertThat(table.rows()).hasSize(20);
            for (int i = 0; i < 20; i++) {
                assertThat(table.rows().get(i).get(4))
                        .isEqualTo(graph.edges().get(i).score());
            }
            List<Double> sizes =
                    graph.edges().stream().map(edge -> Math.abs(edge.score())).toList();
            assertThat(sizes).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        }
    }

    @Test
    void eitherATaskOrTwoPromptsAreWanted() {
        try (HookedTransformer model = random()) {
            AnalysisContext context = IdContexts.of(model);
            assertThatThrownBy(() -> EDGES.run(context, parameters("ioi", prompt(1), prompt(2)), Progress.none()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("not both");
            assertThatThrownBy(() -> EDGES.run(context, parameters(null, prompt(1), null), Progress.none()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("--corrupt");
            assertThatThrownBy(() ->
                            EDGES.run(context, given(prompt(1, 2), prompt(1, 2, 3), EdgeMethod.EAP), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("equal numbers of tokens");
            assertThatThrownBy(() ->
                            EDGES.run(context, given(prompt(CLEAN), prompt(CLEAN), EdgeMethod.EAP), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("no edge carries anything");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingStaysBehindInTheModel(EdgeMethod method) {
        try (HookedTransformer model = random()) {
            AnalysisContext context = IdContexts.of(model);
            EDGES.run(context, given(prompt(CLEAN), prompt(CORRUPT), method), Progress.none());
            int before = model.ownedResources();

            EDGES.run(context, given(prompt(CLEAN), prompt(CORRUPT), method), Progress.none());

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static HookedTransformer random() {
        return RandomModel.of(RandomModel.llama(new Dims(2, 4, 2, 16, 4, 24, 24, 30)), 5);
    }

    private static EdgeAttribution.Parameters given(Prompt clean, Prompt corrupt, EdgeMethod method) {
        return new EdgeAttribution.Parameters(
                null, clean, corrupt, prompt(6), prompt(2), method, 3, 1, Split.TRAIN, 0.5, 20);
    }

    private static EdgeAttribution.Parameters parameters(
            @Nullable String task, @Nullable Prompt clean, @Nullable Prompt corrupt) {
        return new EdgeAttribution.Parameters(
                task, clean, corrupt, prompt(6), prompt(2), EdgeMethod.EAP, 3, 1, Split.TRAIN, 0.5, 20);
    }
}
