package org.headscope.app.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.EdgeGraph.Edge;
import org.headscope.analysis.result.EdgeGraph.Node;
import org.headscope.app.control.color.ColorMap;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.picture.TextStyle.Anchor;

/** Parts of a model, layer above layer, and what flows between them; MLPs stand above the heads they may read. */
final class GraphDrawing implements Drawing {
    private static final int TOP = 50;
    private static final int LEFT = 90;
    private static final int ROW = 54;
    private static final int BOX_HEIGHT = 20;
    private static final int GAP = 12;
    private static final int MOST_EDGES = 300;
    private static final double WIDEST = 4;
    private static final double THINNEST = 0.4;
    private static final int EDGE_ALPHA = 0xb0000000;
    /** White also where the page around the picture is dark. */
    private static final int BOX = 0xfffefefe;

    private final EdgeGraph graph;
    private final List<Edge> edges;
    private final Map<Integer, List<Node>> rows = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, Box> places = new HashMap<>();
    private final double boxWidth;
    private final double strongest;

    GraphDrawing(EdgeGraph graph) {
        this.graph = graph;
        this.edges = drawn(graph);
        this.strongest = edges.stream()
                .mapToDouble(edge -> Math.abs(edge.score()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        Set<String> joined = new HashSet<>();
        edges.forEach(edge -> joined.addAll(List.of(edge.from(), edge.to())));
        List<Node> nodes = graph.nodes().stream()
                .filter(node -> joined.contains(node.id())
                        || node.inGraph()
                        || graph.edges().isEmpty())
                .toList();
        this.boxWidth = nodes.stream()
                .mapToDouble(node -> TextStyle.PLAIN.width(node.id()) + 14)
                .max()
                .orElse(40);
        nodes.forEach(node -> rows.computeIfAbsent(2 * node.layer() + (isMlp(node) ? 1 : 0), row -> new ArrayList<>())
                .add(node));
        place();
    }

    /** The circuit where there is one, else the strongest edges. */
    private static List<Edge> drawn(EdgeGraph graph) {
        boolean chosen = graph.edges().stream().anyMatch(Edge::inGraph);
        return graph.edges().stream()
                .filter(edge -> edge.inGraph() || !chosen)
                .sorted(Comparator.comparingDouble((Edge edge) -> -Math.abs(edge.score())))
                .limit(MOST_EDGES)
                .toList();
    }

    /** MLPs stand to the right of all heads, so that edges between layers do not run behind them. */
    private void place() {
        double widest = rowWidth(rows.values().stream()
                .filter(row -> !isMlp(row.get(0)))
                .mapToInt(List::size)
                .max()
                .orElse(0));
        double y = TOP;
        for (List<Node> row : rows.values()) {
            double x = LEFT + (isMlp(row.get(0)) ? Math.max(0, widest + GAP) : (widest - rowWidth(row.size())) / 2);
            for (Node node : row) {
                places.put(node.id(), new Box(x, y, boxWidth, BOX_HEIGHT));
                x += boxWidth + GAP;
            }
            y += ROW;
        }
    }

    private static boolean isMlp(Node node) {
        return node.id().matches("m\\d+");
    }

    private double rowWidth(int count) {
        return count * (boxWidth + GAP) - GAP;
    }

    @Override
    public double width() {
        double right = places.values().stream().mapToDouble(Box::right).max().orElse(LEFT);
        return Math.max(
                right + 20, 30 + Math.max(TextStyle.TITLE.width(graph.title()), TextStyle.SMALL.width(caption())));
    }

    @Override
    public double height() {
        return TOP + rows.size() * ROW;
    }

    @Override
    public void draw(Surface to) {
        page(to, graph.title(), caption());
        for (int i = edges.size() - 1; i >= 0; i--) { // the strongest on top
            edge(to, edges.get(i));
        }
        rows.forEach((row, nodes) -> {
            Box first = place(nodes.get(0).id());
            to.text(rowName(nodes.get(0)), new Spot(10, first.y() + 14), TextStyle.SMALL);
            nodes.forEach(node -> node(to, node));
        });
    }

    private String caption() {
        String unit =
                graph.quantity().unit().isEmpty() ? "" : " (" + graph.quantity().unit() + ")";
        String which = edges.size() == graph.edges().size()
                ? "all " + edges.size() + " edges"
                : String.format(
                        Locale.ROOT,
                        "%d of %d edges",
                        edges.size(),
                        graph.edges().size());
        return which + " · " + graph.quantity().name() + unit + ", strongest " + Ticks.format(strongest);
    }

    private static String rowName(Node node) {
        return node.id().matches("[am]\\d.*") ? "layer " + node.layer() : "";
    }

    private Box place(String id) {
        Box box = places.get(id);
        if (box == null) {
            throw new IllegalStateException("No place for " + id);
        }
        return box;
    }

    private void edge(Surface to, Edge edge) {
        Box from = place(edge.from());
        Box into = place(edge.to());
        double size = Double.isFinite(edge.score()) ? Math.abs(edge.score()) / strongest : 0;
        boolean signed = graph.quantity().zeroCentred();
        int color = signed ? ColorMap.DIVERGING.argb(edge.score() < 0 ? 0.06 : 0.94) : ColorMap.CIVIDIS.argb(0.2);
        to.line(
                List.of(new Spot(from.middle(), from.y()), new Spot(entry(into, edge.input()), into.bottom())),
                new Pen(EDGE_ALPHA | color & 0xffffff, THINNEST + (WIDEST - THINNEST) * size));
    }

    /** Queries, keys and values enter a head side by side. */
    private static double entry(Box into, String input) {
        return switch (input) {
            case "q" -> into.x() + into.width() * 0.2;
            case "v" -> into.x() + into.width() * 0.8;
            default -> into.middle();
        };
    }

    private void node(Surface to, Node node) {
        Box box = place(node.id());
        to.fill(box, BOX);
        to.frame(box, new Pen(node.inGraph() ? INK : FAINT, node.inGraph() ? 1.2 : 0.8));
        to.text(
                node.id(),
                new Spot(box.middle(), box.y() + 14),
                TextStyle.PLAIN.at(Anchor.MIDDLE).in(0xff000000));
    }
}
