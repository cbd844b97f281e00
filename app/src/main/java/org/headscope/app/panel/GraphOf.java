package org.headscope.app.panel;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.app.control.graph.GraphData;
import org.headscope.app.control.graph.GraphFlow;
import org.headscope.app.control.graph.GraphPart;
import org.headscope.app.control.graph.GraphPart.Kind;
import org.jspecify.annotations.Nullable;

/** Makes a graph panel ready to be drawn: reads from the ids what the parts are. */
public final class GraphOf {
    private static final Pattern HEAD = Pattern.compile("a(\\d+)\\.(h|kv)(\\d+)");
    private static final Pattern MLP = Pattern.compile("m(\\d+)");

    private GraphOf() {}

    /**
     * All of a panel.
     *
     * @param columns heads of the model, null where only the panel is known
     */
    public static GraphData of(EdgeGraph graph, GraphPart.@Nullable Columns columns) {
        List<GraphPart> parts = graph.nodes().stream().map(GraphOf::part).toList();
        List<GraphFlow> flows = graph.edges().stream()
                .map(edge -> new GraphFlow(edge.from(), edge.to(), edge.input(), edge.score()))
                .toList();
        return new GraphData(parts, flows, columns);
    }

    /** The largest edges of a panel, whatever their sign, with the parts they touch. */
    static GraphData largest(EdgeGraph graph, int count) {
        List<EdgeGraph.Edge> edges = graph.edges().stream()
                .sorted(Comparator.comparingDouble(edge -> -Math.abs(edge.score())))
                .limit(count)
                .toList();
        Set<String> touched = edges.stream()
                .flatMap(edge -> Stream.of(edge.from(), edge.to()))
                .collect(Collectors.toSet());
        List<EdgeGraph.Node> nodes = graph.nodes().stream()
                .filter(node -> touched.contains(node.id()))
                .toList();
        return of(new EdgeGraph(graph.title(), graph.quantity(), nodes, edges), null);
    }

    /** What the numbers of its edges are. */
    public static String title(EdgeGraph graph) {
        String unit = graph.quantity().unit();
        return unit.isEmpty() ? graph.quantity().name() : graph.quantity().name() + " (" + unit + ")";
    }

    private static GraphPart part(EdgeGraph.Node node) {
        Matcher head = HEAD.matcher(node.id());
        if (head.matches()) {
            boolean shared = head.group(2).equals("kv");
            int index = Integer.parseInt(head.group(3));
            String label = head.group(1) + "." + (shared ? "kv" : "") + index;
            return new GraphPart(node.id(), label, shared ? Kind.SHARED : Kind.HEAD, node.layer(), index, node.score());
        }
        return new GraphPart(node.id(), node.id(), kind(node.id()), node.layer(), 0, node.score());
    }

    private static Kind kind(String id) {
        if (MLP.matcher(id).matches()) {
            return Kind.MLP;
        }
        return switch (id) {
            case "input" -> Kind.INPUT;
            case "logits" -> Kind.LOGITS;
            default -> Kind.OTHER;
        };
    }
}
