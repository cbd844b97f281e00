package org.headscope.analysis.result.io;

import java.util.List;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.jspecify.annotations.Nullable;

/** A panel as it stands in JSON: the union of what the shapes carry, absent where a shape has no use for it. */
record PanelWire(
        @Nullable String shape,
        @Nullable String title,
        @Nullable Quantity quantity,
        @Nullable List<Axis> axes,
        @Nullable NestedNumbers values,
        @Nullable IntervalWire interval,
        @Nullable List<String> cellLabels,
        @Nullable Quantity x,
        @Nullable List<Curve.Line> lines,
        @Nullable List<Table.Column> columns,
        @Nullable List<List<Object>> rows,
        @Nullable List<EdgeGraph.Node> nodes,
        @Nullable List<EdgeGraph.Edge> edges) {

    record IntervalWire(
            double level, @Nullable String method, @Nullable NestedNumbers lower, @Nullable NestedNumbers upper) {
        static @Nullable IntervalWire of(@Nullable Interval interval) {
            return interval == null
                    ? null
                    : new IntervalWire(
                            interval.level(),
                            interval.method(),
                            NestedNumbers.of(interval.lower()),
                            NestedNumbers.of(interval.upper()));
        }

        Interval toInterval(List<Axis> axes) {
            return new Interval(
                    level,
                    need(method, "interval.method"),
                    need(lower, "interval.lower").toGrid(axes),
                    need(upper, "interval.upper").toGrid(axes));
        }
    }

    static PanelWire of(Panel panel) {
        if (panel instanceof GridPanel grid) {
            return ofGrid(grid);
        }
        if (panel instanceof Curve curve) {
            return new PanelWire(
                    "Curve",
                    curve.title(),
                    curve.y(),
                    null,
                    null,
                    null,
                    null,
                    curve.x(),
                    curve.lines(),
                    null,
                    null,
                    null,
                    null);
        }
        if (panel instanceof Table table) {
            return new PanelWire(
                    "Table",
                    table.title(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    table.columns(),
                    table.rows(),
                    null,
                    null);
        }
        EdgeGraph graph = (EdgeGraph) panel;
        return new PanelWire(
                "EdgeGraph",
                graph.title(),
                graph.quantity(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                graph.nodes(),
                graph.edges());
    }

    private static PanelWire ofGrid(GridPanel panel) {
        List<String> labels =
                panel instanceof LayerPositionGrid lens && !lens.cellLabels().isEmpty() ? lens.cellLabels() : null;
        return new PanelWire(
                panel.getClass().getSimpleName(),
                panel.title(),
                panel.quantity(),
                panel.grid().axes(),
                NestedNumbers.of(panel.grid()),
                IntervalWire.of(panel.interval()),
                labels,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    Panel toPanel() {
        return switch (need(shape, "shape")) {
            case "HeadGrid" -> new HeadGrid(heading(), measured(), grid(), spread());
            case "HeadPositionGrid" -> new HeadPositionGrid(heading(), measured(), grid(), spread());
            case "HeadPairGrid" -> new HeadPairGrid(heading(), measured(), grid(), spread());
            case "LayerPositionGrid" ->
                new LayerPositionGrid(
                        heading(), measured(), grid(), spread(), cellLabels == null ? List.of() : cellLabels);
            case "AttentionMap" -> new AttentionMap(heading(), measured(), grid(), spread());
            case "TokenSeries" -> new TokenSeries(heading(), measured(), grid(), spread());
            case "Curve" -> new Curve(heading(), need(x, "x"), measured(), need(lines, "lines"));
            case "Table" -> table();
            case "EdgeGraph" -> new EdgeGraph(heading(), measured(), need(nodes, "nodes"), need(edges, "edges"));
            default ->
                throw new ResultFormatException(
                        "Unknown panel shape '" + shape + "': this file may come from a newer Headscope.");
        };
    }

    private String heading() {
        return need(title, "title");
    }

    private Quantity measured() {
        return need(quantity, "quantity");
    }

    private Grid grid() {
        return need(values, "values").toGrid(need(axes, "axes"));
    }

    private @Nullable Interval spread() {
        return interval == null ? null : interval.toInterval(need(axes, "axes"));
    }

    private Table table() {
        return TableWire.toTable(heading(), need(columns, "columns"), need(rows, "rows"));
    }

    private static <T> T need(@Nullable T part, String name) {
        if (part == null) {
            throw new ResultFormatException("A panel lacks '" + name + "'.");
        }
        return part;
    }
}
