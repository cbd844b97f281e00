package org.headscope.analysis.edges;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;

/** What the tests of edges share: pairs of token ids, and circuits by the names of their edges. */
final class EdgeTests {
    /* One key is missing in the corrupt sentence, so that the induction head does not find it. */
    static final int[] INDUCTION = sentence();
    static final int[] NO_INDUCTION = without(7);
    static final Contrast INDUCES = new Contrast(INDUCTION, NO_INDUCTION, 8, 12);

    private EdgeTests() {}

    private static int[] sentence() {
        return IntStream.concat(
                        IntStream.of(0), IntStream.concat(IntStream.rangeClosed(1, 16), IntStream.rangeClosed(1, 7)))
                .toArray();
    }

    private static int[] without(int position) {
        int[] ids = sentence();
        ids[position] = 30;
        return ids;
    }

    static ContrastSet set(Contrast... pairs) {
        return new ContrastSet(
                IntStream.range(0, pairs.length)
                        .mapToObj(i -> new Contrast.Batch(List.of(pairs[i])))
                        .toList(),
                pairs.length);
    }

    static CircuitRuns runs(HookedTransformer model, EdgeSpace space, Contrast pair) {
        return new CircuitRuns(IdContexts.of(model), space, new Contrast.Batch(List.of(pair)));
    }

    static BitSet all(EdgeSpace space) {
        BitSet all = new BitSet();
        all.set(0, space.size());
        return all;
    }

    static BitSet named(EdgeSpace space, String... names) {
        BitSet circuit = new BitSet();
        for (String name : names) {
            circuit.set(find(space, name));
        }
        return circuit;
    }

    static int find(EdgeSpace space, String name) {
        return IntStream.range(0, space.size())
                .filter(edge -> space.name(edge).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no edge " + name));
    }

    static double difference(CircuitRuns runs, BitSet circuit) {
        return runs.batch().differences(runs.logits(circuit))[0];
    }

    static double[] scores(HookedTransformer model, EdgeMethod method, int steps, Contrast pair) {
        return new EdgeScorer(IdContexts.of(model), EdgeSpace.of(model), method, steps)
                .score(set(pair), Progress.none())
                .scores()[0];
    }
}
