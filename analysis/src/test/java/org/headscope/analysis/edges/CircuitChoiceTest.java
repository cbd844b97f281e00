package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class CircuitChoiceTest {
    @Test
    void theTopEdgesAreTheLargestOfEitherSignAndPruningLeavesWholeWays() {
        try (HookedTransformer model = InductionModel.create()) {
            EdgeSpace space = EdgeSpace.of(model);
            double[] scores = new double[space.size()];
            scores[EdgeTests.find(space, "a0.h1->a1.h2<k>")] = -9;
            scores[EdgeTests.find(space, "input->a0.h1<v>")] = 8;
            scores[EdgeTests.find(space, "a1.h2->logits")] = -7;
            scores[EdgeTests.find(space, "a0.h0->a1.h3<q>")] = 6;
            scores[EdgeTests.find(space, "a1.h1->logits")] = 5;
            var choice = new CircuitChoice(space, scores);

            BitSet top = choice.top(5);

            assertThat(names(space, top))
                    .containsExactlyInAnyOrder(
                            "a0.h1->a1.h2<k>", "input->a0.h1<v>", "a1.h2->logits", "a0.h0->a1.h3<q>", "a1.h1->logits");
            assertThat(names(space, CircuitChoice.pruned(space, top)))
                    .containsExactlyInAnyOrder("a0.h1->a1.h2<k>", "input->a0.h1<v>", "a1.h2->logits");
            assertThat(choice.top(2)).isEqualTo(EdgeTests.named(space, "a0.h1->a1.h2<k>", "input->a0.h1<v>"));
            assertThat(CircuitChoice.pruned(space, choice.top(2)).isEmpty()).isTrue();
        }
    }

    /** The greedy search never takes an edge that leads nowhere, however large. */
    @Test
    void greedyGrowsFromTheLogits() {
        try (HookedTransformer model = InductionModel.create()) {
            EdgeSpace space = EdgeSpace.of(model);
            double[] scores = new double[space.size()];
            scores[EdgeTests.find(space, "a0.h0->a1.h3<q>")] = 100;
            scores[EdgeTests.find(space, "a1.h2->logits")] = -7;
            scores[EdgeTests.find(space, "a0.h1->a1.h2<k>")] = -2;
            scores[EdgeTests.find(space, "input->a0.h1<v>")] = 8;

            BitSet greedy = new CircuitChoice(space, scores).greedy(3);

            assertThat(names(space, greedy))
                    .containsExactlyInAnyOrder("a1.h2->logits", "a0.h1->a1.h2<k>", "input->a0.h1<v>");
        }
    }

    /** Under grouped heads an edge into keys serves any head of the group. */
    @Test
    void anEdgeIntoSharedKeysSurvivesWithAnyHeadOfItsGroup() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(new Dims(2, 4, 2, 16, 4, 24, 24, 30)), 5)) {
            EdgeSpace space = EdgeSpace.of(model);

            BitSet served = EdgeTests.named(space, "input->a0.kv1<k>", "a0.h3->logits");
            BitSet unserved = EdgeTests.named(space, "input->a0.kv0<k>", "a0.h3->logits");

            assertThat(CircuitChoice.pruned(space, served)).isEqualTo(served);
            assertThat(CircuitChoice.pruned(space, unserved).isEmpty()).isTrue();
        }
    }

    @Test
    void droppingEdgeAfterEdgeLeavesExactlyTheInductionCircuit() {
        try (HookedTransformer model = InductionModel.create()) {
            EdgeSpace space = EdgeSpace.of(model);
            try (Faithfulness faithfulness =
                    new Faithfulness(IdContexts.of(model), space, EdgeTests.set(EdgeTests.INDUCES), Progress.none())) {
                var search = new AcdcSearch(space, faithfulness::divergence, 0.01);
                List<BitSet> stages = search.run(Progress.none());

                assertThat(names(space, stages.get(stages.size() - 1)))
                        .containsExactlyInAnyOrder("a1.h2->logits", "a0.h1->a1.h2<k>", "input->a0.h1<v>");
                // 9 edges into the logits, then the 15 into each head that is still read: 9 + 15 + 3.
                assertThat(search.tested()).isEqualTo(27);
                assertThat(search.changes()[EdgeTests.find(space, "a0.h1->a1.h2<k>")])
                        .isGreaterThan(1);
            }
        }
    }

    private static List<String> names(EdgeSpace space, BitSet circuit) {
        List<String> names = new ArrayList<>();
        circuit.stream().forEach(edge -> names.add(space.name(edge)));
        return names;
    }
}
