package org.headscope.analysis.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;

/**
 * Contributions at one or several positions of a prompt, as they are shown.
 *
 * @param labels what the tokens of the prompt are called, {@code [pos]}
 * @param positions where readouts were taken
 * @param parts contributions at each of them
 * @param actual what the model says at each of them
 */
record DirectPanels(List<String> labels, List<Integer> positions, List<Contributions> parts, List<Double> actual) {
    static final Quantity LOGITS = Quantity.signed("direct contribution", "logits");
    private static final int SHOWN = 20;

    /** Heads, parts, layers and the check; {@code number} names what the sum is held against. */
    List<Panel> of(String number) {
        return List.of(heads(), partTable(), layers(), check(number));
    }

    private GridPanel heads() {
        if (parts.size() == 1) {
            double[][] values = parts.get(0).heads();
            Grid grid = Grid.of(Axis.layers(values.length), Axis.heads(values[0].length), values);
            return new HeadGrid(DirectLogitAttribution.HEADS, LOGITS, grid);
        }
        Axis at = Axis.positions(positions.stream().map(labels::get).toList());
        int layers = parts.get(0).heads().length;
        GridBuilder grid =
                Grid.builder(Axis.layers(layers), at, Axis.heads(parts.get(0).heads()[0].length));
        for (int p = 0; p < parts.size(); p++) {
            double[][] values = parts.get(p).heads();
            for (int l = 0; l < layers; l++) {
                for (int h = 0; h < values[l].length; h++) {
                    grid.set(values[l][h], l, p, h);
                }
            }
        }
        return new HeadPositionGrid(DirectLogitAttribution.HEADS, LOGITS, grid.snapshot());
    }

    private Table partTable() {
        List<Map<String, Double>> named =
                parts.stream().map(Contributions::parts).toList();
        List<List<Object>> rows = new ArrayList<>();
        for (String part : named.get(0).keySet()) {
            rows.add(row(part, named, map -> map.getOrDefault(part, Double.NaN)));
        }
        return new Table(DirectLogitAttribution.PARTS, columns("part", "contribution"), rows);
    }

    private Table check(String number) {
        List<Integer> all = IntStream.range(0, parts.size()).boxed().toList();
        return new Table(
                DirectLogitAttribution.CHECK,
                columns("quantity", "value"),
                List.of(
                        row("sum of the parts", all, i -> parts.get(i).sum()),
                        row(number, all, actual::get),
                        row("error", all, i -> parts.get(i).sum() - actual.get(i))));
    }

    private List<Table.Column> columns(String first, String only) {
        List<Table.Column> columns = new ArrayList<>();
        columns.add(Table.Column.text(first));
        for (int position : positions) {
            String name = parts.size() == 1 ? only : "at " + position;
            columns.add(Table.Column.number(name, "logits"));
        }
        return columns;
    }

    private static <T> List<Object> row(String name, List<T> from, ToDoubleFunction<T> number) {
        List<Object> row = new ArrayList<>();
        row.add(name);
        from.forEach(one -> row.add(number.applyAsDouble(one)));
        return row;
    }

    private Curve layers() {
        List<Curve.Line> lines = new ArrayList<>();
        if (parts.size() == 1) {
            lines.add(line("attention", parts.get(0).attention()));
            if (!Double.isNaN(parts.get(0).mlps()[0])) {
                lines.add(line("MLP", parts.get(0).mlps()));
            }
            lines.add(line("accumulated, constant included", parts.get(0).accumulated()));
        } else {
            for (int p = 0; p < parts.size(); p++) {
                lines.add(
                        line("accumulated at " + positions.get(p), parts.get(p).accumulated()));
            }
        }
        return new Curve(DirectLogitAttribution.LAYERS, Quantity.unsigned("layer", ""), LOGITS, lines);
    }

    private static Curve.Line line(String name, double[] values) {
        List<Double> x =
                IntStream.range(0, values.length).mapToObj(l -> (double) l).toList();
        return new Curve.Line(name, x, DoubleStream.of(values).boxed().toList());
    }

    /** Heads by the token they bring it from: the whole, {@code [layer, position, head]}, and the strongest. */
    List<Panel> sources(Function<Integer, double[][]> ofLayer) {
        Axis tokens = Axis.positions(labels.subList(0, positions.get(0) + 1));
        int layers = parts.get(0).heads().length;
        int heads = parts.get(0).heads()[0].length;
        GridBuilder builder = Grid.builder(Axis.layers(layers), tokens, Axis.heads(heads));
        for (int l = 0; l < layers; l++) {
            double[][] split = ofLayer.apply(l);
            for (int s = 0; s < split.length; s++) {
                for (int h = 0; h < heads; h++) {
                    builder.set(split[s][h], l, s, h);
                }
            }
        }
        Grid grid = builder.snapshot();
        return List.of(
                new HeadPositionGrid(DirectLogitAttribution.SOURCES, LOGITS, grid), strongest(grid, tokens, heads));
    }

    private static Table strongest(Grid grid, Axis tokens, int heads) {
        List<List<Object>> rows = IntStream.range(0, grid.size())
                .boxed()
                .filter(cell -> !Double.isNaN(grid.valueAt(cell)))
                .sorted(Comparator.comparingDouble((Integer cell) -> -Math.abs(grid.valueAt(cell))))
                .limit(SHOWN)
                .map(cell -> {
                    int source = cell / heads % tokens.size();
                    String head = cell / heads / tokens.size() + "." + cell % heads;
                    return List.<Object>of(head, source, tokens.label(source), grid.valueAt(cell));
                })
                .toList();
        return new Table(
                DirectLogitAttribution.STRONGEST,
                List.of(
                        Table.Column.text("head"),
                        Table.Column.integer("position"),
                        Table.Column.text("token"),
                        Table.Column.number("contribution", "logits")),
                rows);
    }
}
