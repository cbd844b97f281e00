package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Circuits from the scores of edges. What counts is the size of a score, not its sign. */
final class CircuitChoice {
    private final EdgeSpace space;
    private final double[] sizes;

    /** @param scores one per edge */
    CircuitChoice(EdgeSpace space, double[] scores) {
        this.space = space;
        this.sizes = IntStream.range(0, scores.length)
                .mapToDouble(edge -> Math.abs(scores[edge]))
                .toArray();
    }

    /** Large scores first; of equal ones, that with the lower number. */
    private Comparator<Integer> order() {
        return Comparator.comparingDouble((Integer edge) -> -sizes[edge]).thenComparing(Comparator.naturalOrder());
    }

    /** The order in which edges come into circuits of growing size; all edges that can come in at all. */
    List<Integer> order(CircuitGrowth growth) {
        return growth == CircuitGrowth.TOP
                ? IntStream.range(0, space.size()).boxed().sorted(order()).toList()
                : backwards(space.size());
    }

    /** The edges with the largest scores. */
    BitSet top(int count) {
        return first(order(CircuitGrowth.TOP), count);
    }

    /** From the logits backwards: always the edge with the largest score among those that end at a part already in it. */
    BitSet greedy(int count) {
        return first(backwards(count), count);
    }

    /** The first edges of an order. */
    static BitSet first(List<Integer> order, int count) {
        BitSet circuit = new BitSet();
        order.stream().limit(count).forEach(circuit::set);
        return circuit;
    }

    private List<Integer> backwards(int count) {
        List<Integer> circuit = new ArrayList<>();
        BitSet offered = new BitSet();
        BitSet reached = new BitSet();
        PriorityQueue<Integer> open = new PriorityQueue<>(order());
        offer(-1, offered, open);
        while (circuit.size() < count && !open.isEmpty()) {
            int edge = open.remove();
            circuit.add(edge);
            int writer = space.edge(edge).writer();
            if (!reached.get(writer)) {
                reached.set(writer);
                offer(writer, offered, open);
            }
        }
        return circuit;
    }

    /** Offers all edges into a writer, or into the logits for -1. */
    private void offer(int writer, BitSet offered, PriorityQueue<Integer> open) {
        for (EdgeSpace.Port port : space.ports()) {
            for (int reader = 0; reader < port.readers().size(); reader++) {
                List<Integer> children = port.children().get(reader);
                int first = port.first() + reader * port.writers();
                boolean into = writer < 0 ? port.isLogits() : children.contains(writer);
                if (into && !offered.get(first)) {
                    offered.set(first);
                    IntStream.range(first, first + port.writers()).forEach(open::add);
                }
            }
        }
    }

    /**
     * Takes away parts that nothing reaches or that reach nothing, with their edges, until none is left. What the circuit
     * computes stays the same: a part without edges into it writes exactly what it wrote in the corrupt run.
     */
    static BitSet pruned(EdgeSpace space, BitSet circuit) {
        BitSet left = (BitSet) circuit.clone();
        while (true) {
            BitSet alive = alive(space, left);
            BitSet next = new BitSet();
            left.stream()
                    .filter(number -> {
                        EdgeSpace.Edge edge = space.edge(number);
                        return alive.get(edge.writer())
                                && (edge.port().isLogits()
                                        || edge.children().stream().anyMatch(alive::get));
                    })
                    .forEach(next::set);
            if (next.equals(left)) {
                return left;
            }
            left = next;
        }
    }

    /** The writers with edges both into and out of them; the input needs none into it. */
    static BitSet alive(EdgeSpace space, BitSet circuit) {
        BitSet parents = new BitSet();
        BitSet children = new BitSet();
        parents.set(0);
        circuit.stream().forEach(number -> {
            EdgeSpace.Edge edge = space.edge(number);
            children.set(edge.writer());
            edge.children().forEach(parents::set);
        });
        parents.and(children);
        return parents;
    }

    /** All edges that leave some writers: with these, whatever else writes is corrupt for everyone. */
    static BitSet leaving(EdgeSpace space, BitSet writers) {
        BitSet edges = new BitSet();
        IntStream.range(0, space.size())
                .filter(edge -> writers.get(space.edge(edge).writer()))
                .forEach(edges::set);
        return edges;
    }
}
