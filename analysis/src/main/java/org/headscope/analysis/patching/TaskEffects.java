package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.stat.Bootstrap;
import org.jspecify.annotations.Nullable;

/** Effects of the examples so far, cell by cell. */
final class TaskEffects {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private final PatchGrid grid;
    private final List<ExamplePatch.Outcome> used = new ArrayList<>();
    private int skipped;
    private double widest = Double.NEGATIVE_INFINITY;

    TaskEffects(PatchGrid grid) {
        this.grid = grid;
    }

    void add(ExamplePatch.Outcome outcome) {
        widest = Math.max(widest, outcome.clean() - outcome.corrupt());
        if (outcome.skipped()) {
            skipped++;
        } else {
            used.add(outcome);
        }
    }

    int used() {
        return used.size();
    }

    int skipped() {
        return skipped;
    }

    /** The largest gap between clean and corrupt so far, in logits. */
    double widest() {
        return widest;
    }

    double average(ToDoubleFunction<ExamplePatch.Outcome> number) {
        return used.stream().mapToDouble(number).average().orElse(Double.NaN);
    }

    /** Means so far, without an interval: that would jump about while examples come in. */
    GridPanel soFar() {
        return means(null);
    }

    /** Means with an interval; one example alone says nothing about others, so it has none. */
    GridPanel means(long seed) {
        if (used.size() < 2) {
            return means(null);
        }
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        Bootstrap.Ends[] ends = IntStream.range(0, cells())
                .mapToObj(cell -> bootstrap.ofMean(of(cell)))
                .toArray(Bootstrap.Ends[]::new);
        return means(new Interval(
                LEVEL,
                "percentile bootstrap over " + used.size() + " examples, " + DRAWS + " draws",
                grid.grid(Arrays.stream(ends).mapToDouble(Bootstrap.Ends::lower).toArray()),
                grid.grid(Arrays.stream(ends).mapToDouble(Bootstrap.Ends::upper).toArray())));
    }

    private GridPanel means(@Nullable Interval interval) {
        Grid means = over(TaskEffects::mean);
        return grid.panel(TaskPatching.MEAN, Quantity.signed("normalised logit difference", ""), means, interval);
    }

    /** Sample standard deviations over examples; NaN for a single one. */
    GridPanel deviations() {
        Quantity quantity = Quantity.unsigned("standard deviation over examples", "");
        return grid.panel(TaskPatching.SPREAD, quantity, over(TaskEffects::deviation), null);
    }

    /** Every example has receipts of its own; people want to know that none of them was missed. */
    List<ReceiptSummary> receipts() {
        Map<String, ReceiptSummary> together = new LinkedHashMap<>();
        used.stream()
                .flatMap(outcome -> outcome.receipts().stream())
                .forEach(one -> together.merge(one.site() + " " + one.label(), one, this::sum));
        return List.copyOf(together.values());
    }

    private ReceiptSummary sum(ReceiptSummary one, ReceiptSummary other) {
        return new ReceiptSummary(
                one.label(),
                one.site(),
                one.fired() + other.fired(),
                Math.max(one.changeMaxAbs(), other.changeMaxAbs()),
                "in each of " + used.size() + " examples");
    }

    private Grid over(ToDoubleFunction<double[]> statistic) {
        return grid.grid(IntStream.range(0, cells())
                .mapToDouble(cell -> statistic.applyAsDouble(of(cell)))
                .toArray());
    }

    private int cells() {
        return used.get(0).effects().length;
    }

    private double[] of(int cell) {
        return used.stream().mapToDouble(outcome -> outcome.effects()[cell]).toArray();
    }

    private static double mean(double[] effects) {
        return Arrays.stream(effects).average().orElse(Double.NaN);
    }

    private static double deviation(double[] effects) {
        double mean = mean(effects);
        double squares =
                Arrays.stream(effects).map(v -> (v - mean) * (v - mean)).sum();
        return effects.length < 2 ? Double.NaN : Math.sqrt(squares / (effects.length - 1));
    }
}
