package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.task.WilsonInterval;

/**
 * Shows how many needles were found.
 *
 * @param parameters what was asked for
 * @param chosen how heads were chosen
 * @param sets one for each number of heads
 * @param found by group; sets of heads in the order of {@code sets}, each followed by its random ones
 */
record CausalPanels(
        RetrievalCausal.Parameters parameters,
        ChosenHeads chosen,
        List<MaskedSets> sets,
        List<NeedleAccuracy.Found> found) {
    static final String CURVE = "Needles found without K heads";
    static final String TABLE = "K heads masked";
    static final String PLACES = "Needles found by length and depth";
    static final String HOW = "How it was tested";

    List<Panel> panels() {
        return List.of(curve(), table(), depths(), places(), how());
    }

    /** The place of the chosen heads of one number among all sets; its random sets follow. */
    private int at(int k) {
        return sets.subList(0, k).stream().mapToInt(one -> one.all().size()).sum();
    }

    private int asked() {
        return found.stream().mapToInt(NeedleAccuracy.Found::asked).sum();
    }

    private double full() {
        return found.stream().mapToInt(NeedleAccuracy.Found::full).sum() / (double) asked();
    }

    private int right(int set) {
        return found.stream().mapToInt(group -> group.found()[set]).sum();
    }

    private double[] random(int k) {
        return IntStream.rangeClosed(1, sets.get(k).random().size())
                .mapToDouble(i -> right(at(k) + i) / (double) asked())
                .toArray();
    }

    private Curve curve() {
        List<Double> x = new ArrayList<>(List.of(0.0));
        Band strongest = new Band();
        Band random = new Band();
        WilsonInterval none = WilsonInterval.of((int) Math.round(full() * asked()), asked());
        strongest.add(full(), none.lower(), none.upper());
        random.add(full(), full(), full());
        for (int k = 0; k < sets.size(); k++) {
            x.add((double) sets.get(k).chosen().size());
            WilsonInterval interval = WilsonInterval.of(right(at(k)), asked());
            strongest.add(right(at(k)) / (double) asked(), interval.lower(), interval.upper());
            double[] others = random(k);
            random.add(
                    Arrays.stream(others).average().orElse(Double.NaN),
                    Arrays.stream(others).min().orElse(Double.NaN),
                    Arrays.stream(others).max().orElse(Double.NaN));
        }
        return new Curve(
                CURVE,
                Quantity.unsigned("heads masked", ""),
                Quantity.unsigned(
                        "share of needles found (bands: 95 % Wilson interval; range of " + parameters.controls()
                                + " random sets)",
                        ""),
                List.of(strongest.line("retrieval heads", x), random.line("random heads, mean", x)));
    }

    /** Heights with a band. */
    private record Band(List<Double> y, List<Double> lower, List<Double> upper) {
        Band() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void add(double height, double from, double to) {
            y.add(height);
            lower.add(from);
            upper.add(to);
        }

        Curve.Line line(String name, List<Double> x) {
            return new Curve.Line(name, x, y, lower, upper);
        }
    }

    private Table table() {
        List<List<Object>> rows = new ArrayList<>();
        for (int k = 0; k < sets.size(); k++) {
            double masked = right(at(k)) / (double) asked();
            double[] others = random(k);
            double[] lost = Arrays.stream(others).map(one -> full() - one).toArray();
            ControlTest test = new ControlTest(full() - masked, lost);
            WilsonInterval interval = WilsonInterval.of(right(at(k)), asked());
            rows.add(List.of(
                    sets.get(k).chosen().size(),
                    sets.get(k).chosen().stream().map(MaskUnit::label).collect(Collectors.joining(" ")),
                    full(),
                    masked,
                    interval.lower(),
                    interval.upper(),
                    full() - test.meanOfControls(),
                    Arrays.stream(others).min().orElse(Double.NaN),
                    test.p()));
        }
        return new Table(
                TABLE,
                List.of(
                        Table.Column.integer("K"),
                        Table.Column.text("heads"),
                        Table.Column.number("full model", ""),
                        Table.Column.number("strongest masked", ""),
                        Table.Column.number("95 % from", ""),
                        Table.Column.number("95 % to", ""),
                        Table.Column.number("random masked, mean", ""),
                        Table.Column.number("lowest", ""),
                        Table.Column.number("p", "")),
                rows);
    }

    /** By length, under the largest number of heads. */
    private Curve depths() {
        int set = at(sets.size() - 1);
        TreeMap<Integer, List<NeedleAccuracy.Found>> lengths = new TreeMap<>(
                found.stream().collect(Collectors.groupingBy(one -> one.group().length())));
        List<Curve.Line> lines = new ArrayList<>();
        lengths.forEach((length, groups) -> {
            lines.add(line(length + " tokens, full model", groups, NeedleAccuracy.Found::full));
            lines.add(line(
                    length + " tokens, " + sets.get(sets.size() - 1).chosen().size() + " masked",
                    groups,
                    one -> one.found()[set]));
        });
        return new Curve(
                PLACES,
                Quantity.unsigned("depth of the needle", ""),
                Quantity.unsigned("share of needles found", ""),
                lines);
    }

    private static Curve.Line line(
            String name, List<NeedleAccuracy.Found> groups, ToIntFunction<NeedleAccuracy.Found> right) {
        TreeMap<Double, int[]> byDepth = new TreeMap<>();
        for (NeedleAccuracy.Found one : groups) {
            int[] count = byDepth.computeIfAbsent(one.group().depth(), key -> new int[2]);
            count[0] += right.applyAsInt(one);
            count[1] += one.asked();
        }
        return new Curve.Line(
                name,
                List.copyOf(byDepth.keySet()),
                byDepth.values().stream()
                        .map(count -> count[0] / (double) count[1])
                        .toList());
    }

    /** Lengths by depths, one row each, under the largest number of heads. */
    private Table places() {
        int k = sets.size() - 1;
        List<List<Object>> rows = new ArrayList<>();
        for (NeedleAccuracy.Found one : found) {
            double random = IntStream.rangeClosed(1, parameters.controls())
                    .mapToDouble(i -> one.found()[at(k) + i] / (double) one.asked())
                    .average()
                    .orElse(Double.NaN);
            rows.add(List.of(
                    one.group().length(),
                    one.group().depth(),
                    one.asked(),
                    one.full() / (double) one.asked(),
                    one.found()[at(k)] / (double) one.asked(),
                    random));
        }
        return new Table(
                "By length and depth",
                List.of(
                        Table.Column.integer("tokens"),
                        Table.Column.number("depth", ""),
                        Table.Column.integer("needles"),
                        Table.Column.number("full model", ""),
                        Table.Column.number(sets.get(k).chosen().size() + " strongest masked", ""),
                        Table.Column.number("random masked, mean", "")),
                rows);
    }

    private Table how() {
        String site = parameters.mode() == NeedleMask.Mode.ZERO ? "z = 0" : "attention 1/n over the n visible keys";
        String where = parameters.where() == NeedleMask.Where.DECODE
                ? "where answer tokens are produced"
                : "the whole prompt and answer";
        return new Table(
                HOW,
                List.of(
                        Table.Column.text("mode"),
                        Table.Column.text("site"),
                        Table.Column.text("positions"),
                        Table.Column.integer("secrets per text"),
                        Table.Column.integer("words per secret"),
                        Table.Column.integer("detection needles found"),
                        Table.Column.integer("heads from 0.1"),
                        Table.Column.integer("heads below 0.1")),
                List.of(List.of(
                        parameters.mode().name().toLowerCase(Locale.ROOT),
                        site,
                        where,
                        parameters.keys(),
                        parameters.words(),
                        chosen.kept(),
                        chosen.scoring().size(),
                        chosen.others())));
    }
}
