package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.Bootstrap;

/** Shows edges and the parts between which they run. */
final class EdgePanels {
    static final Quantity SCORE = Quantity.signed("predicted change of the logit difference when corrupted", "logits");

    private final EdgeSpace space;

    EdgePanels(EdgeSpace space) {
        this.space = space;
    }

    /** A graph of some edges with the parts they touch; {@code parts} are scores of writers, NaN where there are none. */
    EdgeGraph graph(String title, Quantity quantity, List<Integer> edges, double[] scores, double[] parts) {
        Map<String, EdgeGraph.Node> nodes = new LinkedHashMap<>();
        List<EdgeGraph.Edge> shown = new ArrayList<>();
        for (int number : edges) {
            EdgeSpace.Edge edge = space.edge(number);
            EdgeSpace.Writer writer = space.writers().get(edge.writer());
            nodes.put(writer.id(), new EdgeGraph.Node(writer.id(), writer.layer(), parts[edge.writer()], true));
            nodes.putIfAbsent(edge.to(), reader(edge, parts));
            shown.add(new EdgeGraph.Edge(writer.id(), edge.to(), edge.port().input(), scores[number], true));
        }
        List<EdgeGraph.Node> inOrder = nodes.values().stream()
                .sorted(Comparator.comparingInt(EdgeGraph.Node::layer))
                .toList();
        return new EdgeGraph(title, quantity, inOrder, shown);
    }

    private EdgeGraph.Node reader(EdgeSpace.Edge edge, double[] parts) {
        boolean own = edge.children().size() == 1
                && space.writers().get(edge.children().get(0)).id().equals(edge.to());
        double score = own ? parts[edge.children().get(0)] : Double.NaN;
        int layer = edge.port().isLogits() ? space.dims().layers() : edge.port().layer();
        return new EdgeGraph.Node(edge.to(), layer, score, true);
    }

    /** Which query heads use what an edge brings, or the reader itself. */
    String readers(EdgeSpace.Edge edge) {
        return edge.port().isLogits()
                ? "logits"
                : edge.children().stream()
                        .map(child -> space.writers().get(child).id())
                        .collect(Collectors.joining(" "));
    }

    /** One row per edge, in the order given. */
    Table table(String title, List<Integer> edges, EdgeMeans means) {
        List<Table.Column> columns = List.of(
                Table.Column.text("from"),
                Table.Column.text("to"),
                Table.Column.text("input"),
                Table.Column.text("used by"),
                Table.Column.number("score", "logits"),
                Table.Column.number("lower", "logits"),
                Table.Column.number("upper", "logits"),
                Table.Column.number("standard deviation", "logits"));
        List<List<Object>> rows = new ArrayList<>();
        for (int number : edges) {
            EdgeSpace.Edge edge = space.edge(number);
            List<Object> row = new ArrayList<>(List.of(
                    space.writers().get(edge.writer()).id(),
                    edge.to(),
                    edge.port().input(),
                    readers(edge)));
            row.addAll(numbers(means.ofEdge(number), means));
            rows.add(row);
        }
        return new Table(title, columns, rows);
    }

    private static List<Object> numbers(double[] sample, EdgeMeans means) {
        Bootstrap.Ends ends = means.interval(sample);
        return List.of(EdgeMeans.mean(sample), ends.lower(), ends.upper(), EdgeMeans.deviation(sample));
    }

    /** What no grid of heads can show: the embedding and the MLPs. */
    Table others(String title, EdgeMeans means) {
        List<Table.Column> columns = List.of(
                Table.Column.text("part"),
                Table.Column.number("score", "logits"),
                Table.Column.number("lower", "logits"),
                Table.Column.number("upper", "logits"),
                Table.Column.number("standard deviation", "logits"));
        List<List<Object>> rows = new ArrayList<>();
        for (int writer = 0; writer < space.writers().size(); writer++) {
            if (!space.writers().get(writer).isHead()) {
                List<Object> row = new ArrayList<>();
                row.add(space.writers().get(writer).id());
                row.addAll(numbers(means.ofWriter(writer), means));
                rows.add(row);
            }
        }
        return new Table(title, columns, rows);
    }

    /** Scores of all heads, with an interval where there are several pairs. */
    HeadGrid heads(String title, EdgeMeans means) {
        int count = space.dims().layers() * space.dims().heads();
        double[] values = new double[count];
        double[] lower = new double[count];
        double[] upper = new double[count];
        for (int writer = 0; writer < space.writers().size(); writer++) {
            EdgeSpace.Writer head = space.writers().get(writer);
            if (head.isHead()) {
                int cell = head.layer() * space.dims().heads() + head.head();
                double[] sample = means.ofWriter(writer);
                Bootstrap.Ends ends = means.interval(sample);
                values[cell] = EdgeMeans.mean(sample);
                lower[cell] = ends.lower();
                upper[cell] = ends.upper();
            }
        }
        Interval interval =
                means.pairs() < 2 ? null : new Interval(EdgeMeans.level(), means.method(), grid(lower), grid(upper));
        return new HeadGrid(title, SCORE, grid(values), interval);
    }

    private Grid grid(double[] values) {
        return Grid.of(
                List.of(
                        Axis.layers(space.dims().layers()),
                        Axis.heads(space.dims().heads())),
                values);
    }

    /** The parts that a circuit runs through, in the order of the model. */
    String parts(BitSet circuit) {
        return CircuitChoice.alive(space, circuit).stream()
                .mapToObj(writer -> space.writers().get(writer).id())
                .collect(Collectors.joining(" "));
    }
}
