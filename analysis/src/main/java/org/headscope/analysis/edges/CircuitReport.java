package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.edges.CircuitCandidates.Candidate;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.ControlTest;

/** Chooses among circuits by training examples, and says on held-out ones what the chosen one is worth. */
final class CircuitReport {
    private static final Quantity FAITHFULNESS = Quantity.signed("faithfulness", "");

    private final EdgeSpace space;
    private final CircuitSearch.Parameters parameters;
    private final Faithfulness chosenOn;
    private final Faithfulness reportedOn;

    CircuitReport(
            EdgeSpace space, CircuitSearch.Parameters parameters, Faithfulness chosenOn, Faithfulness reportedOn) {
        this.space = space;
        this.parameters = parameters;
        this.chosenOn = chosenOn;
        this.reportedOn = reportedOn;
    }

    Findings findings(List<Candidate> candidates, long seed, Progress progress) {
        List<Double> training = new ArrayList<>();
        List<double[]> heldOut = new ArrayList<>();
        for (Candidate one : candidates) {
            progress.report(heldOut.size(), candidates.size() + parameters.controls(), "running circuits");
            training.add(chosenOn.of(one.edges()));
            heldOut.add(reportedOn.differences(one.edges()));
        }
        int chosen = choose(training);
        Candidate circuit = candidates.get(chosen);
        double[] differences = heldOut.get(chosen);
        int size = circuit.edges().cardinality();
        List<Panel> panels = new ArrayList<>();
        panels.add(curve(candidates, training, heldOut, seed));
        var show = new EdgePanels(space);
        List<Integer> edges = largestFirst(circuit);
        double[] none = new double[space.writers().size()];
        Arrays.fill(none, Double.NaN);
        panels.add(show.graph(CircuitSearch.GRAPH, quantity(), edges, circuit.scores(), none));
        panels.add(edges(edges, circuit, show));
        panels.add(found(circuit, training.get(chosen), differences, seed));
        if (size > 0) {
            double share = reportedOn.share(differences);
            panels.add(chance(size, share, seed, progress));
            panels.add(chanceAmongParts(circuit.edges(), share, seed, progress));
        }
        return Findings.of(panels, reportedOn.receipts());
    }

    /** A finished search has one result; a list of sizes has a smallest one that is good enough. */
    private int choose(List<Double> training) {
        if (parameters.search() == CircuitSearch.Search.ACDC) {
            return 0;
        }
        return IntStream.range(0, training.size())
                .filter(i -> training.get(i) >= parameters.target())
                .findFirst()
                .orElse(training.size() - 1);
    }

    private Curve curve(List<Candidate> candidates, List<Double> training, List<double[]> heldOut, long seed) {
        List<Double> sizes = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        List<Double> lower = new ArrayList<>();
        List<Double> upper = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Bootstrap.Ends ends = reportedOn.interval(heldOut.get(i), seed);
            sizes.add((double) candidates.get(i).edges().cardinality());
            shares.add(reportedOn.share(heldOut.get(i)));
            lower.add(ends.lower());
            upper.add(ends.upper());
        }
        return new Curve(
                CircuitSearch.CURVE,
                Quantity.unsigned("edges after pruning", ""),
                FAITHFULNESS,
                List.of(
                        new Curve.Line("held-out examples", sizes, shares, lower, upper),
                        new Curve.Line("training examples", sizes, training)));
    }

    private List<Integer> largestFirst(Candidate circuit) {
        return circuit.edges().stream()
                .boxed()
                .sorted(Comparator.comparingDouble((Integer edge) -> -Math.abs(circuit.scores()[edge])))
                .toList();
    }

    private Quantity quantity() {
        if (parameters.search() != CircuitSearch.Search.ACDC) {
            return EdgePanels.SCORE;
        }
        return parameters.criterion() == CircuitSearch.Criterion.KL
                ? Quantity.signed("growth of the divergence without it", "nats")
                : Quantity.signed("growth of the distance without it", "share of the gap");
    }

    private Table edges(List<Integer> edges, Candidate circuit, EdgePanels show) {
        List<Table.Column> columns = List.of(
                Table.Column.text("from"),
                Table.Column.text("to"),
                Table.Column.text("input"),
                Table.Column.text("used by"),
                Table.Column.number(quantity().name(), quantity().unit()));
        List<List<Object>> rows = new ArrayList<>();
        for (int number : edges) {
            EdgeSpace.Edge edge = space.edge(number);
            rows.add(List.of(
                    space.writers().get(edge.writer()).id(),
                    edge.to(),
                    edge.port().input(),
                    show.readers(edge),
                    circuit.scores()[number]));
        }
        return new Table(CircuitSearch.EDGES, columns, rows);
    }

    private Table found(Candidate circuit, double training, double[] differences, long seed) {
        BitSet parts = CircuitChoice.alive(space, circuit.edges());
        int heads = (int) parts.stream()
                .filter(part -> space.writers().get(part).isHead())
                .count();
        Bootstrap.Ends ends = reportedOn.interval(differences, seed);
        List<Table.Column> columns = List.of(
                Table.Column.text("search"),
                Table.Column.integer("edges"),
                Table.Column.integer("edges before pruning"),
                Table.Column.integer("edges of the model"),
                Table.Column.integer("heads"),
                Table.Column.number("faithfulness, held out", ""),
                Table.Column.number("lower", ""),
                Table.Column.number("upper", ""),
                Table.Column.number("faithfulness, training", ""),
                Table.Column.number("all edges of its parts, held out", ""),
                Table.Column.number("clean logit difference", "logits"),
                Table.Column.number("corrupt logit difference", "logits"),
                Table.Column.integer("held-out examples"),
                Table.Column.text("parts"));
        List<Object> row = List.of(
                parameters.search().name().toLowerCase(Locale.ROOT),
                circuit.edges().cardinality(),
                circuit.chosen(),
                space.size(),
                heads,
                reportedOn.share(differences),
                ends.lower(),
                ends.upper(),
                training,
                reportedOn.of(CircuitChoice.leaving(space, parts)),
                reportedOn.clean(),
                reportedOn.corrupt(),
                differences.length,
                new EdgePanels(space).parts(circuit.edges()));
        return new Table(CircuitSearch.FOUND, columns, List.of(row));
    }

    /** Circuits grown in the same way, from scores that say nothing. */
    private Table chance(int size, double faithfulness, long seed, Progress progress) {
        return against(CircuitSearch.CHANCE, faithfulness, progress, i -> {
            double[] noise = new Random(seed + i).doubles(space.size()).toArray();
            return new CircuitChoice(space, noise).greedy(size);
        });
    }

    /** As many edges, drawn from all that join the same parts: whether the edges matter, or only where they run. */
    private Table chanceAmongParts(BitSet circuit, double faithfulness, long seed, Progress progress) {
        BitSet parts = CircuitChoice.alive(space, circuit);
        List<Integer> among = IntStream.range(0, space.size())
                .filter(number -> {
                    EdgeSpace.Edge edge = space.edge(number);
                    boolean ends =
                            edge.port().isLogits() || edge.children().stream().anyMatch(parts::get);
                    return ends && parts.get(edge.writer());
                })
                .boxed()
                .toList();
        return against(CircuitSearch.CHANCE_AMONG, faithfulness, progress, i -> {
            List<Integer> shuffled = new ArrayList<>(among);
            Collections.shuffle(shuffled, new Random(seed + i));
            BitSet drawn = new BitSet();
            shuffled.subList(0, circuit.cardinality()).forEach(drawn::set);
            return drawn;
        });
    }

    private Table against(String title, double faithfulness, Progress progress, IntFunction<BitSet> draw) {
        double[] controls = new double[parameters.controls()];
        for (int i = 0; i < controls.length; i++) {
            controls[i] = reportedOn.of(CircuitChoice.pruned(space, draw.apply(i)));
            progress.report(i + 1, controls.length, "random circuits");
        }
        return new ControlTest(faithfulness, controls).table(title, "faithfulness");
    }
}
