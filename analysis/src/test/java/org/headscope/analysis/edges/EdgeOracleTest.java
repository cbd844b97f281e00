package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.TinyReference;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every edge of three tiny models against numbers from PyTorch: a forward pass written for that purpose in double
 * precision, in which each reader adds up its own copy of what was written; slopes by its autograd, circuits by leaving the
 * corrupt summands in. Lines hold an edge, its score by eap, eap-ig (5 steps), clean-corrupted and eap-ig-activations (3
 * steps), and what really happens when it alone is corrupt; or the logit difference when every n-th edge is corrupt.
 */
@Tag("engine")
class EdgeOracleTest {
    private static final double TOLERANCE = 2e-4;

    private record Line(String name, double[] numbers) {}

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gpt_neox"})
    void scoresAreThoseOfPyTorch(String family) {
        TinyReference reference = TinyReference.of(family);
        List<Line> edges =
                lines(family).stream().filter(line -> line.numbers.length > 1).toList();
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            EdgeSpace space = EdgeSpace.of(model);
            assertThat(IntStream.range(0, space.size()).mapToObj(space::name))
                    .containsExactlyElementsOf(edges.stream().map(Line::name).toList());
            EdgeMethod[] methods = {
                EdgeMethod.EAP, EdgeMethod.EAP_IG, EdgeMethod.CLEAN_CORRUPTED, EdgeMethod.EAP_IG_ACTIVATIONS
            };
            for (int i = 0; i < methods.length; i++) {
                int steps = methods[i] == EdgeMethod.EAP_IG_ACTIVATIONS ? 3 : 5;
                int column = i;
                assertThat(EdgeTests.scores(model, methods[i], steps, pair(reference)))
                        .as(methods[i].name())
                        .containsExactly(
                                edges.stream()
                                        .mapToDouble(line -> line.numbers[column])
                                        .toArray(),
                                within(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gpt_neox"})
    void circuitsComputeWhatPyTorchDoes(String family) {
        TinyReference reference = TinyReference.of(family);
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            EdgeSpace space = EdgeSpace.of(model);
            try (CircuitRuns runs = EdgeTests.runs(model, space, pair(reference))) {
                double clean = EdgeTests.difference(runs, EdgeTests.all(space));
                int edge = 0;
                for (Line line : lines(family)) {
                    BitSet circuit = EdgeTests.all(space);
                    if (line.numbers.length == 1) {
                        int n = Integer.parseInt(line.name.substring("every ".length()));
                        IntStream.range(0, space.size()).filter(e -> e % n == 0).forEach(circuit::clear);
                        assertThat(EdgeTests.difference(runs, circuit))
                                .as(line.name)
                                .isCloseTo(line.numbers[0], within(TOLERANCE));
                    } else {
                        circuit.clear(edge++);
                        assertThat(EdgeTests.difference(runs, circuit) - clean)
                                .as(line.name)
                                .isCloseTo(line.numbers[4], within(TOLERANCE));
                    }
                }
            }
        }
    }

    private static Contrast pair(TinyReference reference) {
        var patching = reference.info().get("patching");
        return new Contrast(
                TinyReference.ids(patching.get("clean_ids")),
                TinyReference.ids(patching.get("corrupt_ids")),
                patching.get("a").asInt(),
                patching.get("b").asInt());
    }

    private static List<Line> lines(String family) {
        try (InputStream in =
                Objects.requireNonNull(EdgeOracleTest.class.getResourceAsStream(family + ".tsv"), family)) {
            List<Line> lines = new ArrayList<>();
            for (String text : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] cells = text.split("\t", -1);
                double[] numbers = IntStream.range(1, cells.length)
                        .mapToDouble(i -> Double.parseDouble(cells[i]))
                        .toArray();
                lines.add(new Line(cells[0], numbers));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
