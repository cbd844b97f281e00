package org.headscope.analysis.result.io;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;

/**
 * Panels as comma-separated values, one row per cell, with a header. A grid over layer and head becomes
 * {@code layer,head,value}; an axis with labels adds a column such as {@code position_label}; an interval adds
 * {@code lower,upper}. Missing numbers are {@code NaN}.
 */
public final class PanelCsv {
    private PanelCsv() {}

    /**
     * @param panel what to write
     * @return CSV text with CRLF line ends and quoting as in RFC 4180
     */
    public static String write(Panel panel) {
        if (panel instanceof GridPanel grid) {
            return ofGrid(grid);
        }
        if (panel instanceof Curve curve) {
            return ofCurve(curve);
        }
        if (panel instanceof Table table) {
            CsvText csv = new CsvText();
            csv.row(table.columns().stream().map(Table.Column::name).toList());
            table.rows().forEach(csv::row);
            return csv.toString();
        }
        return ofGraph((EdgeGraph) panel);
    }

    private static String ofGrid(GridPanel panel) {
        CsvText csv = new CsvText();
        Grid grid = panel.grid();
        Interval interval = panel.interval();
        List<Object> header = new ArrayList<>();
        for (Axis axis : grid.axes()) {
            header.add(axis.name());
            if (!axis.labels().isEmpty()) {
                header.add(axis.name() + "_label");
            }
        }
        header.add("value");
        if (interval != null) {
            header.addAll(List.of("lower", "upper"));
        }
        csv.row(header);
        for (int cell = 0; cell < grid.size(); cell++) {
            List<Object> row = coordinates(grid, cell);
            row.add(grid.valueAt(cell));
            if (interval != null) {
                row.add(interval.lower().valueAt(cell));
                row.add(interval.upper().valueAt(cell));
            }
            csv.row(row);
        }
        return csv.toString();
    }

    private static List<Object> coordinates(Grid grid, int cell) {
        int[] shape = grid.shape();
        int[] index = new int[shape.length];
        int rest = cell;
        for (int i = shape.length - 1; i >= 0; i--) {
            index[i] = rest % shape[i];
            rest /= shape[i];
        }
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            Axis axis = grid.axes().get(i);
            row.add(index[i]);
            if (!axis.labels().isEmpty()) {
                row.add(axis.label(index[i]));
            }
        }
        return row;
    }

    private static String ofCurve(Curve curve) {
        CsvText csv = new CsvText();
        csv.row(List.<Object>of("line", "x", "y", "lower", "upper"));
        for (Curve.Line line : curve.lines()) {
            for (int i = 0; i < line.x().size(); i++) {
                boolean band = !line.lower().isEmpty();
                csv.row(List.<Object>of(
                        line.name(),
                        line.x().get(i),
                        line.y().get(i),
                        band ? line.lower().get(i) : Double.NaN,
                        band ? line.upper().get(i) : Double.NaN));
            }
        }
        return csv.toString();
    }

    private static String ofGraph(EdgeGraph graph) {
        CsvText csv = new CsvText();
        csv.row(List.<Object>of("from", "to", "input", "score", "in_graph"));
        for (EdgeGraph.Edge edge : graph.edges()) {
            csv.row(List.<Object>of(edge.from(), edge.to(), edge.input(), edge.score(), edge.inGraph()));
        }
        return csv.toString();
    }
}
