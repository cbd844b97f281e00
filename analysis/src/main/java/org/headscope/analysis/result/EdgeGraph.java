package org.headscope.analysis.result;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Parts of a model and what flows between them: circuits, path patching, composition.
 *
 * @param title the heading
 * @param quantity what the scores are
 * @param nodes the parts; ids follow the field's spelling: {@code input}, {@code a5.h3}, {@code m7}, {@code logits}
 * @param edges what flows
 */
public record EdgeGraph(String title, Quantity quantity, List<Node> nodes, List<Edge> edges) implements Panel {
    /**
     * One part of the model.
     *
     * @param id unique name
     * @param layer its layer; -1 for the embedding, the number of layers for the logits
     * @param score its own score, NaN when only edges were scored
     * @param inGraph whether it belongs to the circuit
     */
    public record Node(String id, int layer, double score, boolean inGraph) {}

    /**
     * One flow.
     *
     * @param from id of the writer
     * @param to id of the reader
     * @param input which input of the reader: {@code q}, {@code k}, {@code v}, or empty when it has only one
     * @param score its score
     * @param inGraph whether it belongs to the circuit
     */
    public record Edge(String from, String to, String input, double score, boolean inGraph) {}

    /** Checks that ids are unique and that every edge joins two of them. */
    public EdgeGraph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        Set<String> ids = new HashSet<>();
        for (Node node : nodes) {
            if (!ids.add(node.id())) {
                throw new InvalidPanelException("Graph '" + title + "' names node '" + node.id() + "' twice.");
            }
        }
        for (Edge edge : edges) {
            if (!ids.contains(edge.from()) || !ids.contains(edge.to())) {
                throw new InvalidPanelException("Graph '" + title + "' has an edge " + edge.from() + " -> " + edge.to()
                        + " between nodes it does not list.");
            }
        }
    }
}
