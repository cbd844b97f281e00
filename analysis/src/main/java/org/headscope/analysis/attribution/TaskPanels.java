package org.headscope.analysis.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.SampleSummary;

/** Contributions of many examples, averaged and shown. */
final class TaskPanels {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private final List<ExampleParts> examples;
    private final Bootstrap bootstrap;

    TaskPanels(List<ExampleParts> examples, long seed) {
        this.examples = examples;
        this.bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
    }

    List<Panel> of(TaskAttribution.Parameters parameters, String number) {
        List<Panel> panels = new ArrayList<>(heads(TaskAttribution.MEAN, TaskAttribution.SPREAD));
        panels.add(parts());
        panels.add(layers());
        panels.add(check(parameters, number));
        return panels;
    }

    /** Means of all heads with their interval, and standard deviations. */
    List<Panel> heads(String mean, String spread) {
        double[][] first = examples.get(0).parts().heads();
        List<SampleSummary> cells = IntStream.range(0, first.length * first[0].length)
                .mapToObj(cell -> over(one -> one.parts().heads()[cell / first[0].length][cell % first[0].length]))
                .toList();
        List<Axis> axes = List.of(Axis.layers(first.length), Axis.heads(first[0].length));
        var interval = new Interval(
                LEVEL,
                "percentile bootstrap over " + examples.size() + " examples, " + DRAWS + " draws",
                grid(axes, cells, SampleSummary::lower),
                grid(axes, cells, SampleSummary::upper));
        return List.of(
                new HeadGrid(mean, DirectPanels.LOGITS, grid(axes, cells, SampleSummary::mean), interval),
                new HeadGrid(
                        spread,
                        Quantity.unsigned("standard deviation over examples", "logits"),
                        grid(axes, cells, SampleSummary::deviation)));
    }

    private static Grid grid(List<Axis> axes, List<SampleSummary> cells, ToDoubleFunction<SampleSummary> number) {
        return Grid.of(axes, cells.stream().mapToDouble(number).toArray());
    }

    private SampleSummary over(ToDoubleFunction<ExampleParts> number) {
        return SampleSummary.of(examples.stream().mapToDouble(number).toArray(), bootstrap);
    }

    private Table parts() {
        List<List<Object>> rows = new ArrayList<>();
        for (String part : examples.get(0).parts().parts().keySet()) {
            SampleSummary s = over(one -> one.parts().parts().getOrDefault(part, Double.NaN));
            rows.add(List.of(part, s.mean(), s.deviation(), s.lower(), s.upper()));
        }
        return new Table(
                TaskAttribution.PARTS,
                List.of(
                        Table.Column.text("part"),
                        Table.Column.number("mean contribution", "logits"),
                        Table.Column.number("standard deviation", "logits"),
                        Table.Column.number("lower", "logits"),
                        Table.Column.number("upper", "logits")),
                rows);
    }

    private Curve layers() {
        List<Curve.Line> lines = new ArrayList<>();
        lines.add(line("attention", Contributions::attention));
        if (!Double.isNaN(examples.get(0).parts().mlps()[0])) {
            lines.add(line("MLP", Contributions::mlps));
        }
        lines.add(line("accumulated, constant included", Contributions::accumulated));
        return new Curve(TaskAttribution.LAYERS, Quantity.unsigned("layer", ""), DirectPanels.LOGITS, lines);
    }

    private Curve.Line line(String name, Function<Contributions, double[]> numbers) {
        double[][] all =
                examples.stream().map(one -> numbers.apply(one.parts())).toArray(double[][]::new);
        List<SampleSummary> points = IntStream.range(0, all[0].length)
                .mapToObj(l -> SampleSummary.of(
                        Arrays.stream(all).mapToDouble(one -> one[l]).toArray(), bootstrap))
                .toList();
        return new Curve.Line(
                name,
                IntStream.range(0, points.size()).mapToObj(l -> (double) l).toList(),
                points.stream().map(SampleSummary::mean).toList(),
                points.stream().map(SampleSummary::lower).toList(),
                points.stream().map(SampleSummary::upper).toList());
    }

    private Table check(TaskAttribution.Parameters parameters, String number) {
        SampleSummary actual = over(ExampleParts::actual);
        double error = examples.stream()
                .mapToDouble(one -> Math.abs(one.parts().sum() - one.actual()))
                .max()
                .orElseThrow();
        return new Table(
                TaskAttribution.EXAMPLES,
                List.of(
                        Table.Column.text("task"),
                        Table.Column.text("examples from"),
                        Table.Column.integer("examples"),
                        Table.Column.text("answer against"),
                        Table.Column.number("mean sum of the parts", "logits"),
                        Table.Column.number(number, "logits"),
                        Table.Column.number("standard deviation", "logits"),
                        Table.Column.number("lower", "logits"),
                        Table.Column.number("upper", "logits"),
                        Table.Column.number("largest error of a sum", "logits")),
                List.of(List.of(
                        parameters.task(),
                        parameters.split().word(),
                        examples.size(),
                        parameters.against().name().toLowerCase(Locale.ROOT),
                        over(one -> one.parts().sum()).mean(),
                        actual.mean(),
                        actual.deviation(),
                        actual.lower(),
                        actual.upper(),
                        error)));
    }
}
