package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.ControlTest;

/** Measures on held-out examples what a search chose on others. */
final class CriteriaReport {
    /** So many reference prompts of one form make a mean. */
    static final int LEAST_REFERENCES = 5;
    /** In logits; what lies below is an example that the model cannot do. */
    static final double SMALLEST_GAP = 0.5;

    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private final CriteriaSearch search;
    private final BitSet circuit;
    private final MaskShape shape;
    private final CircuitCriteria.Parameters parameters;

    CriteriaReport(CriteriaSearch search, BitSet circuit, MaskShape shape, CircuitCriteria.Parameters parameters) {
        this.search = search;
        this.circuit = circuit;
        this.shape = shape;
        this.parameters = parameters;
    }

    Findings findings(HeadKnockout examples, long seed, Progress progress) {
        List<Panel> panels = new ArrayList<>();
        panels.add(faithfulness(examples, seed));
        progress.report(1, circuit.cardinality() + 3L, "completeness");
        panels.add(completeness(examples, seed));
        panels.addAll(minimality(examples, seed, progress));
        if (2 * circuit.cardinality() <= shape.layers() * shape.heads()) {
            panels.add(chance(examples, seed));
        }
        return Findings.of(panels, examples.receipts());
    }

    private double[] circuitAlone(HeadKnockout examples) {
        return examples.without(search.leaving(new BitSet()));
    }

    private double share(HeadKnockout examples, BitSet kept) {
        double none = examples.mean(complement(new BitSet()));
        return (examples.mean(complement(kept)) - none) / (examples.mean(new BitSet()) - none);
    }

    private BitSet complement(BitSet kept) {
        BitSet others = new BitSet();
        others.set(0, shape.layers() * shape.heads());
        others.andNot(kept);
        return others;
    }

    private Table faithfulness(HeadKnockout examples, long seed) {
        double[] model = examples.without(new BitSet());
        double[] alone = circuitAlone(examples);
        Bootstrap.Ends ends = interval(minus(model, alone), seed);
        double full = EdgeMeans.mean(model);
        double difference = full - EdgeMeans.mean(alone);
        List<Table.Column> columns = List.of(
                Table.Column.text("outside"),
                Table.Column.integer("heads"),
                Table.Column.integer("held-out examples"),
                Table.Column.number("F(M)", "logits"),
                Table.Column.number("F(C)", "logits"),
                Table.Column.number("F(no heads)", "logits"),
                Table.Column.number("|F(M) - F(C)|", "logits"),
                Table.Column.number("F(M) - F(C), lower", "logits"),
                Table.Column.number("F(M) - F(C), upper", "logits"),
                Table.Column.number("|F(M) - F(C)| / |F(M)|", ""),
                Table.Column.number("share of what heads do", ""));
        List<Object> row = List.of(
                parameters.outside().name().toLowerCase(Locale.ROOT),
                circuit.cardinality(),
                examples.size(),
                full,
                EdgeMeans.mean(alone),
                examples.mean(complement(new BitSet())),
                Math.abs(difference),
                ends.lower(),
                ends.upper(),
                Math.abs(difference / full),
                share(examples, circuit));
        return new Table(CircuitCriteria.FAITHFULNESS, columns, List.of(row));
    }

    private Table completeness(HeadKnockout examples, long seed) {
        List<Table.Column> columns = List.of(
                Table.Column.text("K"),
                Table.Column.text("heads"),
                Table.Column.number("F(C \\ K)", "logits"),
                Table.Column.number("F(M \\ K)", "logits"),
                Table.Column.number("difference", "logits"),
                Table.Column.number("lower", "logits"),
                Table.Column.number("upper", "logits"),
                Table.Column.number("share of F(M)", ""));
        List<List<Object>> rows = new ArrayList<>();
        rows.add(incompleteness("none", new BitSet(), examples, seed));
        rows.add(incompleteness("worst of random sets", search.worstRandom(), examples, seed));
        rows.add(incompleteness("greedy", search.worstGreedy(), examples, seed));
        return new Table(CircuitCriteria.COMPLETENESS, columns, rows);
    }

    private List<Object> incompleteness(String name, BitSet k, HeadKnockout examples, long seed) {
        double[] alone = examples.without(search.leaving(k));
        double[] model = examples.without(k);
        double[] difference = minus(alone, model);
        Bootstrap.Ends ends = interval(difference, seed);
        return List.of(
                name,
                heads(k),
                EdgeMeans.mean(alone),
                EdgeMeans.mean(model),
                EdgeMeans.mean(difference),
                ends.lower(),
                ends.upper(),
                Math.abs(EdgeMeans.mean(difference) / examples.mean(new BitSet())));
    }

    private List<Panel> minimality(HeadKnockout examples, long seed, Progress progress) {
        GridBuilder grid = Grid.builder(Axis.layers(shape.layers()), Axis.heads(shape.heads()));
        List<List<Object>> rows = new ArrayList<>();
        for (int v : circuit.stream().toArray()) {
            BitSet k = search.bestFor(v);
            double sign = Math.signum(search.need(v, k));
            BitSet both = (BitSet) k.clone();
            both.set(v);
            double[] need = minus(examples.without(search.leaving(k)), examples.without(search.leaving(both)));
            for (int i = 0; i < need.length; i++) {
                need[i] *= sign;
            }
            double share = EdgeMeans.mean(need) / Math.abs(examples.mean(new BitSet()));
            Bootstrap.Ends ends = interval(need, seed);
            grid.setAt(v, share);
            rows.add(List.of(
                    head(v),
                    heads(k),
                    EdgeMeans.mean(need),
                    ends.lower(),
                    ends.upper(),
                    share,
                    sign < 0 ? "against the answer" : "for the answer",
                    share >= parameters.least() ? "needed" : "not needed"));
            progress.report(rows.size() + 2L, circuit.cardinality() + 3L, "minimality of each head");
        }
        List<Table.Column> columns = List.of(
                Table.Column.text("head"),
                Table.Column.text("K"),
                Table.Column.number("effect", "logits"),
                Table.Column.number("lower", "logits"),
                Table.Column.number("upper", "logits"),
                Table.Column.number("share of F(M)", ""),
                Table.Column.text("direction"),
                Table.Column.text("verdict"));
        return List.of(
                new Table(CircuitCriteria.MINIMALITY, columns, rows),
                new HeadGrid(CircuitCriteria.NEEDS, Quantity.signed("effect as a share of F(M)", ""), grid.snapshot()));
    }

    /** As many heads, none of the circuit's own. */
    private Table chance(HeadKnockout examples, long seed) {
        HeadMask own =
                HeadMask.none(shape).with(circuit.stream().mapToObj(this::unit).toList(), MaskSetting.ZERO);
        double[] controls = IntStream.range(0, parameters.controls())
                .mapToDouble(i -> {
                    HeadMask drawn = new RandomControl(seed + i, false, Set.of()).draw(own);
                    BitSet heads = new BitSet();
                    drawn.units(MaskUnit.Kind.HEAD)
                            .forEach(unit -> heads.set(unit.layer() * shape.heads() + unit.head()));
                    return share(examples, heads);
                })
                .toArray();
        return new ControlTest(share(examples, circuit), controls)
                .table(CircuitCriteria.CHANCE, "share of what heads do");
    }

    private MaskUnit unit(int number) {
        return MaskUnit.head(number / shape.heads(), number % shape.heads());
    }

    private String head(int number) {
        return unit(number).label();
    }

    private String heads(BitSet set) {
        return set.isEmpty() ? "none" : set.stream().mapToObj(this::head).collect(Collectors.joining(" "));
    }

    private static double[] minus(double[] one, double[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] - other[i])
                .toArray();
    }

    private static Bootstrap.Ends interval(double[] sample, long seed) {
        return new Bootstrap(DRAWS, LEVEL, seed).ofMean(sample);
    }
}
