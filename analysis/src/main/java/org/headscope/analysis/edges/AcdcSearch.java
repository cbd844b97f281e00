package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.headscope.analysis.spi.Progress;

/**
 * A search in the manner of ACDC (Conmy et al. 2304.14997): begins with all edges, goes through the readers from the logits
 * back to the first layer, and drops an edge when the rest stays about as close to the model as before.
 */
final class AcdcSearch {
    private final EdgeSpace space;
    private final ToDoubleFunction<BitSet> distance;
    private final double threshold;
    private final BitSet circuit = new BitSet();
    private final double[] changes;
    private final List<BitSet> stages = new ArrayList<>();
    private double now;
    private int tested;

    /**
     * @param distance of a circuit from the model; 0 for the whole model
     * @param threshold an edge is dropped when the distance grows by less
     */
    AcdcSearch(EdgeSpace space, ToDoubleFunction<BitSet> distance, double threshold) {
        this.space = space;
        this.distance = distance;
        this.threshold = threshold;
        this.changes = new double[space.size()];
        Arrays.fill(changes, Double.NaN);
        circuit.set(0, space.size());
    }

    /**
     * Searches.
     *
     * @param progress told after every edge
     * @return the circuits after each layer, from the last to the first, the final one at the end; none pruned
     */
    List<BitSet> run(Progress progress) {
        now = distance.applyAsDouble(circuit);
        List<EdgeSpace.Port> ports = space.ports();
        for (int i = ports.size() - 1; i >= 0; i--) {
            EdgeSpace.Port port = ports.get(i);
            for (int reader = 0; reader < port.readers().size(); reader++) {
                visit(port, reader, progress);
            }
            if (i == 0 || ports.get(i - 1).layer() != port.layer()) {
                stages.add((BitSet) circuit.clone());
            }
        }
        return List.copyOf(stages);
    }

    /** What nothing reads any more is dropped without a run: it cannot matter. */
    private void visit(EdgeSpace.Port port, int reader, Progress progress) {
        boolean read = port.isLogits() || port.children().get(reader).stream().anyMatch(this::isRead);
        for (int writer = port.writers() - 1; writer >= 0; writer--) {
            int edge = port.first() + reader * port.writers() + writer;
            circuit.clear(edge);
            if (read) {
                test(edge);
                progress.report(tested, 0, "edges tested, " + circuit.cardinality() + " left");
            }
        }
    }

    private void test(int edge) {
        tested++;
        double without = distance.applyAsDouble(circuit);
        changes[edge] = without - now;
        if (without - now < threshold) {
            now = without;
        } else {
            circuit.set(edge);
        }
    }

    private boolean isRead(int writer) {
        return circuit.stream().anyMatch(edge -> space.edge(edge).writer() == writer);
    }

    /** {@return how much farther each tested edge was from the model when left out, NaN for those never tested} */
    double[] changes() {
        return changes.clone();
    }

    /** {@return how many circuits were run, not counting the whole model} */
    int tested() {
        return tested;
    }
}
