package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.PathPatching;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models run with only some of their edges clean. */
@Tag("engine")
class CircuitRunsTest {
    private static final Contrast PAIR = new Contrast(new int[] {1, 2, 3, 4, 5}, new int[] {1, 7, 3, 9, 5}, 6, 2);

    /** A single corrupt edge is the strictly direct path of path patching, which is computed in another way. */
    @ParameterizedTest
    @CsvSource({"LOGITS, ''", "Q, 1.2", "K, 1.1", "V, 1.0"})
    void aSingleCorruptEdgeIsADirectPath(PathPatching.Receiver receiver, String reader) {
        try (HookedTransformer model = random("llama")) {
            EdgeSpace space = EdgeSpace.of(model);
            double[] patched = direct(model, receiver, reader);
            try (CircuitRuns runs = EdgeTests.runs(model, space, PAIR)) {
                for (int layer = 0; layer < (receiver == PathPatching.Receiver.LOGITS ? 2 : 1); layer++) {
                    for (int head = 0; head < 4; head++) {
                        BitSet rest = EdgeTests.all(space);
                        rest.clear(EdgeTests.find(space, name(layer, head, receiver, reader)));
                        assertThat(EdgeTests.difference(runs, rest))
                                .as(name(layer, head, receiver, reader))
                                .isCloseTo(patched[layer * 4 + head], within(1e-4));
                    }
                }
            }
        }
    }

    private static String name(int layer, int head, PathPatching.Receiver receiver, String reader) {
        String from = "a" + layer + ".h" + head + "->";
        String number = reader.substring(reader.indexOf('.') + 1);
        return switch (receiver) {
            case LOGITS -> from + "logits";
            case Q -> from + "a1.h" + number + "<q>";
            case K -> from + "a1.kv" + number + "<k>";
            case V -> from + "a1.kv" + number + "<v>";
            case MLP -> from + "m" + number;
        };
    }

    private static double[] direct(HookedTransformer model, PathPatching.Receiver receiver, String reader) {
        var parameters = new PathPatching.Parameters(
                prompt(PAIR.clean()),
                prompt(PAIR.corrupt()),
                prompt(PAIR.answer()),
                prompt(PAIR.foil()),
                receiver,
                reader.isEmpty() ? List.of() : List.of(reader),
                PathPatching.Mlps.FROZEN,
                List.of());
        Findings found = new PathPatching().run(IdContexts.of(model), parameters, Progress.none());
        return ((HeadGrid) found.panels().get(1)).grid().toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "parallel"})
    void allEdgesAreTheCleanRunAndNoneTheCorruptOne(String kind) {
        try (HookedTransformer model = random(kind)) {
            EdgeSpace space = EdgeSpace.of(model);
            Contrast reversed = new Contrast(PAIR.corrupt(), PAIR.clean(), PAIR.answer(), PAIR.foil());
            try (CircuitRuns runs = EdgeTests.runs(model, space, PAIR);
                    CircuitRuns other = EdgeTests.runs(model, space, reversed)) {
                assertThat(doubles(runs.logits(EdgeTests.all(space))))
                        .containsExactly(doubles(other.corruptLogits()), within(1e-5));
                assertThat(doubles(runs.logits(new BitSet())))
                        .containsExactly(doubles(runs.corruptLogits()), within(1e-5));
            }
        }
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "parallel"})
    void pruningChangesNothingThatTheCircuitComputes(String kind) {
        try (HookedTransformer model = random(kind)) {
            EdgeSpace space = EdgeSpace.of(model);
            try (CircuitRuns runs = EdgeTests.runs(model, space, PAIR)) {
                for (int seed = 0; seed < 5; seed++) {
                    Random random = new Random(seed);
                    BitSet circuit = new BitSet();
                    IntStream.range(0, space.size())
                            .filter(edge -> random.nextInt(6) == 0)
                            .forEach(circuit::set);
                    BitSet pruned = CircuitChoice.pruned(space, circuit);

                    assertThat(pruned.cardinality()).isLessThan(circuit.cardinality());
                    assertThat(EdgeTests.difference(runs, pruned))
                            .isCloseTo(EdgeTests.difference(runs, circuit), within(1e-5));
                }
            }
        }
    }

    /** The six edges of the circuit do what the model does; without the one into the keys, nothing is left. */
    @Test
    void theInductionCircuitIsFaithfulAndNothingWithoutItsKeys() {
        String[] edges = {"input->a0.h1<v>", "a0.h1->a1.h2<k>", "a1.h2->logits"};
        try (HookedTransformer model = InductionModel.create()) {
            EdgeSpace space = EdgeSpace.of(model);
            try (Faithfulness faithfulness =
                    new Faithfulness(IdContexts.of(model), space, EdgeTests.set(EdgeTests.INDUCES), Progress.none())) {
                BitSet circuit = EdgeTests.named(space, edges);

                assertThat(faithfulness.clean()).isCloseTo(10, within(1e-3));
                assertThat(faithfulness.of(circuit)).isCloseTo(1, within(1e-4));
                assertThat(faithfulness.divergence(circuit)).isCloseTo(0, within(1e-4));
                circuit.clear(EdgeTests.find(space, edges[1]));
                assertThat(faithfulness.of(circuit)).isCloseTo(0, within(1e-4));
                assertThat(faithfulness.divergence(circuit)).isGreaterThan(1);
            }
        }
    }

    private static HookedTransformer random(String kind) {
        if (kind.equals("llama")) {
            return RandomModel.of(RandomModel.llama(new Dims(2, 4, 2, 16, 4, 24, 24, 30)), 5);
        }
        ModelConfig c = RandomModel.gpt2(new Dims(2, 4, 4, 16, 4, 24, 24, 30));
        var arrangement = kind.equals("parallel") ? BlockSpec.Arrangement.PARALLEL : BlockSpec.Arrangement.SEQUENTIAL;
        BlockSpec block = new BlockSpec(arrangement, c.block().norm());
        return RandomModel.of(
                new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), block, c.mlp(), c.unembed()), 5);
    }
}
