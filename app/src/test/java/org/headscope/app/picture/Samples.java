package org.headscope.app.picture;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;

/** Panels of every shape, with numbers that can be told apart. */
public final class Samples {
    /** Tokens that would break a careless writer. */
    public static final List<String> HOSTILE = List.of("</script><b>", " & \"'", "]]>", "日本", "\u0001", "مرحبا", "🙂");

    private Samples() {}

    public static HeadGrid heads() {
        double[][] values = {{-2, 0, 1}, {Double.NaN, 2, 0.5}};
        return new HeadGrid(
                "Effect <b>", Quantity.signed("effect", "logits"), Grid.of(Axis.layers(2), Axis.heads(3), values));
    }

    public static AttentionMap attention(List<String> tokens) {
        int n = tokens.size();
        double[] cells = IntStream.range(0, n * n)
                .mapToDouble(i -> i % n > i / n ? 0 : 1.0 / (i / n + 1))
                .toArray();
        Grid grid = Grid.of(List.of(Axis.labelled(Axis.QUERY, tokens), Axis.labelled(Axis.KEY, tokens)), cells);
        return new AttentionMap("Attention", Quantity.unsigned("attention", "share"), grid);
    }

    /** The number of a cell says where it is: layer, position, head. */
    public static HeadPositionGrid headPositions() {
        List<Axis> axes = List.of(Axis.layers(2), Axis.positions(List.of("a", " b", "c")), Axis.heads(4));
        double[] cells = IntStream.range(0, 24)
                .mapToDouble(i -> 100 * (i / 12) + 10 * (i / 4 % 3) + i % 4)
                .toArray();
        return new HeadPositionGrid("By head and position", Quantity.signed("effect", "logits"), Grid.of(axes, cells));
    }

    public static Curve curve() {
        Curve.Line banded = new Curve.Line(
                "with band",
                List.of(0.0, 1.0, 2.0),
                List.of(0.5, 1.0, 0.25),
                List.of(0.25, 0.75, 0.0),
                List.of(0.75, 3.0, 0.5));
        Curve.Line gap = new Curve.Line("gap & more", List.of(0.0, 1.0, 2.0), List.of(2.0, Double.NaN, 1.5));
        return new Curve("Rise", Quantity.unsigned("k", ""), Quantity.unsigned("score", "nats"), List.of(banded, gap));
    }

    /** @param rows head, two numbers, whether it stands out */
    public static Table points(List<List<Object>> rows) {
        return new Table(
                "Scores",
                List.of(
                        Table.Column.text("head"),
                        Table.Column.number("induction", "share"),
                        Table.Column.number("copying", "logits"),
                        new Table.Column("above 0.4", "", Table.Type.BOOLEAN)),
                rows);
    }

    /** @param rows part, its effect, the sum before and behind it */
    public static Table steps(List<List<Object>> rows) {
        return new Table(
                "Attribution",
                List.of(
                        Table.Column.text("part"),
                        Table.Column.number("effect", "logits"),
                        Table.Column.number("from", "logits"),
                        Table.Column.number("to", "logits")),
                rows);
    }

    public static Table table() {
        return new Table(
                "Numbers",
                List.of(Table.Column.text("token"), Table.Column.number("loss", "nats"), Table.Column.integer("n")),
                List.of(List.of("</script><b>", 1.25, 3), List.of("日本", Double.NaN, 40)));
    }

    public static EdgeGraph graph() {
        return new EdgeGraph(
                "Circuit",
                Quantity.signed("score", "logits"),
                List.of(
                        new EdgeGraph.Node("input", -1, Double.NaN, true),
                        new EdgeGraph.Node("a0.h1", 0, Double.NaN, true),
                        new EdgeGraph.Node("m0", 0, Double.NaN, true),
                        new EdgeGraph.Node("a1.h0", 1, Double.NaN, true),
                        new EdgeGraph.Node("a1.h2", 1, Double.NaN, false),
                        new EdgeGraph.Node("logits", 2, Double.NaN, true)),
                List.of(
                        new EdgeGraph.Edge("input", "a0.h1", "v", 0.5, true),
                        new EdgeGraph.Edge("a0.h1", "m0", "", 0.25, true),
                        new EdgeGraph.Edge("a0.h1", "a1.h0", "k", 1.5, true),
                        new EdgeGraph.Edge("m0", "a1.h0", "q", -0.75, true),
                        new EdgeGraph.Edge("a1.h0", "logits", "", 1.0, true),
                        new EdgeGraph.Edge("a1.h2", "logits", "", 0.01, false)));
    }
}
