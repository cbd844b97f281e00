package org.headscope.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.io.PanelCsv;

/** Results as text for a terminal. */
final class PanelText {
    private static final int WIDEST_GRID = 16;
    private static final int TOP = 12;

    private PanelText() {}

    /** Prints every panel and the receipts. */
    static void print(Result result, PrintWriter out) {
        out.println(result.title());
        result.panels().forEach(panel -> print(panel, out));
        result.receipts()
                .forEach(r -> out.printf(
                        Locale.ROOT,
                        "receipt: %s at %s · fired %d× · change %.4g %s%n",
                        r.label(),
                        r.site(),
                        r.fired(),
                        r.changeMaxAbs(),
                        r.effect()));
        var p = result.provenance();
        out.printf(
                Locale.ROOT,
                "model %s · %s · BOS %s · mask %s · seed %d · %.2f s%n",
                p.model().path(),
                p.numerics().weights(),
                p.numerics().bosPolicy(),
                p.numerics().maskMode(),
                p.seed(),
                p.timing().seconds());
    }

    private static void print(Panel panel, PrintWriter out) {
        out.println();
        if (panel instanceof GridPanel grid) {
            out.println(grid.title() + " (" + grid.quantity().name()
                    + unit(grid.quantity().unit()) + ")");
            print(grid.grid(), out);
        } else if (panel instanceof Table table) {
            out.println(table.title());
            print(table, out);
        } else {
            out.println(panel.title());
            out.print(PanelCsv.write(panel));
        }
    }

    private static String unit(String unit) {
        return unit.isEmpty() ? "" : ", " + unit;
    }

    private static void print(Grid grid, PrintWriter out) {
        boolean small = grid.rank() == 2 && grid.shape()[1] <= WIDEST_GRID;
        if (small) {
            printWhole(grid, out);
        } else {
            printTop(grid, out);
        }
    }

    private static void printWhole(Grid grid, PrintWriter out) {
        Axis rows = grid.axes().get(0);
        Axis columns = grid.axes().get(1);
        out.print("%10s".formatted(rows.name() + "\\" + columns.name()));
        IntStream.range(0, columns.size()).forEach(c -> out.print(" %8s".formatted(shortened(columns.label(c), 8))));
        out.println();
        for (int r = 0; r < rows.size(); r++) {
            out.print("%10s".formatted(shortened(rows.label(r), 10)));
            for (int c = 0; c < columns.size(); c++) {
                out.print(" %8s".formatted(number(grid.at(r, c))));
            }
            out.println();
        }
    }

    private static void printTop(Grid grid, PrintWriter out) {
        out.println("largest " + TOP + " of " + grid.size() + " values; --json and --csv give all");
        IntStream.range(0, grid.size())
                .boxed()
                .filter(i -> !Double.isNaN(grid.valueAt(i)))
                .sorted((a, b) -> Double.compare(Math.abs(grid.valueAt(b)), Math.abs(grid.valueAt(a))))
                .limit(TOP)
                .forEach(i -> out.println("  " + number(grid.valueAt(i)) + "  " + where(grid, i)));
    }

    private static String where(Grid grid, int offset) {
        int rest = offset;
        int[] index = new int[grid.rank()];
        for (int a = grid.rank() - 1; a >= 0; a--) {
            index[a] = rest % grid.shape()[a];
            rest /= grid.shape()[a];
        }
        return IntStream.range(0, grid.rank())
                .mapToObj(a ->
                        grid.axes().get(a).name() + " " + grid.axes().get(a).label(index[a]))
                .collect(Collectors.joining(", "));
    }

    private static void print(Table table, PrintWriter out) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(table.columns().stream().map(Table.Column::name).toList());
        table.rows().forEach(row -> cells.add(row.stream().map(PanelText::cell).toList()));
        int[] widths = IntStream.range(0, table.columns().size())
                .map(c -> cells.stream()
                        .mapToInt(row -> row.get(c).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : cells) {
            out.println(IntStream.range(0, widths.length)
                    .mapToObj(c -> ("%-" + Math.max(1, widths[c]) + "s").formatted(row.get(c)))
                    .collect(Collectors.joining("  "))
                    .stripTrailing());
        }
    }

    private static String cell(Object value) {
        return value instanceof Double number ? number(number) : String.valueOf(value);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "·" : String.format(Locale.ROOT, Math.abs(value) < 1e5 ? "%.4f" : "%.4g", value);
    }

    private static String shortened(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
