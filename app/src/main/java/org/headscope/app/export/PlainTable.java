package org.headscope.app.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.picture.GridSlice;
import org.headscope.app.picture.Sight;

/**
 * What is in sight as rows and columns: a cut of a grid as a matrix with its labels, anything else as a list.
 *
 * @param head names of the columns
 * @param rows as many entries each: texts, numbers, truth values
 */
public record PlainTable(List<String> head, List<List<Object>> rows) {
    public PlainTable {
        head = List.copyOf(head);
        rows = List.copyOf(rows);
    }

    /** Makes the table of what is in sight. */
    public static PlainTable of(Sight sight) {
        Panel panel = sight.panel();
        if (panel instanceof GridPanel grid) {
            return matrix(grid.grid(), sight.slice().orElseGet(() -> GridSlice.of(grid)));
        }
        if (panel instanceof Curve curve) {
            return points(curve);
        }
        return panel instanceof Table table ? rows(table) : edges((EdgeGraph) panel);
    }

    private static PlainTable matrix(Grid grid, GridSlice slice) {
        Axis down = slice.rowAxis(grid);
        Axis across = slice.columnAxis(grid);
        List<String> head = new ArrayList<>();
        head.add(down.name() + " \\ " + across.name());
        for (int column = 0; column < across.size(); column++) {
            head.add(VisibleText.of(across.label(column)));
        }
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < down.size(); row++) {
            List<Object> cells = new ArrayList<>();
            cells.add(VisibleText.of(down.label(row)));
            for (int column = 0; column < across.size(); column++) {
                cells.add(slice.at(grid, row, column));
            }
            rows.add(cells);
        }
        return new PlainTable(head, rows);
    }

    private static PlainTable points(Curve curve) {
        boolean bands = curve.lines().stream().anyMatch(line -> !line.lower().isEmpty());
        List<String> head =
                new ArrayList<>(List.of("line", curve.x().name(), curve.y().name()));
        if (bands) {
            head.addAll(List.of("lower", "upper"));
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Curve.Line line : curve.lines()) {
            for (int i = 0; i < line.x().size(); i++) {
                List<Object> row = new ArrayList<>(
                        List.of(line.name(), line.x().get(i), line.y().get(i)));
                if (bands) {
                    row.add(line.lower().isEmpty() ? Double.NaN : line.lower().get(i));
                    row.add(line.upper().isEmpty() ? Double.NaN : line.upper().get(i));
                }
                rows.add(row);
            }
        }
        return new PlainTable(head, rows);
    }

    private static PlainTable rows(Table table) {
        return new PlainTable(
                table.columns().stream()
                        .map(column ->
                                column.unit().isEmpty() ? column.name() : column.name() + " (" + column.unit() + ")")
                        .toList(),
                table.rows());
    }

    private static PlainTable edges(EdgeGraph graph) {
        return new PlainTable(
                List.of("from", "to", "input", graph.quantity().name(), "in graph"),
                graph.edges().stream()
                        .map(edge ->
                                List.<Object>of(edge.from(), edge.to(), edge.input(), edge.score(), edge.inGraph()))
                        .toList());
    }

    /** Tabs between entries and a line per row, as spreadsheets take it from the clipboard. */
    public String tabbed() {
        return Stream.concat(Stream.of(head), rows.stream())
                .map(row -> row.stream().map(PlainTable::entry).collect(Collectors.joining("\t")))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String entry(Object value) {
        return String.valueOf(value).replaceAll("[\t\r\n]", " ");
    }
}
