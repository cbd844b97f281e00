package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;

/** Numbers of every head and MLP over many examples: their means, how sure these are, and how they spread. */
public final class SenderMeans {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private final Dims dims;
    private final boolean hasMlp;
    private final List<double[]> examples = new ArrayList<>();

    /** @param config of the model */
    public SenderMeans(ModelConfig config) {
        this.dims = config.dims();
        this.hasMlp = config.block().hasMlp();
    }

    /**
     * Adds an example.
     *
     * @param values heads in the order {@code [layer, head]}, then MLPs if the model has any; heads alone will do
     */
    public void add(double[] values) {
        examples.add(values.clone());
    }

    /** {@return how many examples there are} */
    public int size() {
        return examples.size();
    }

    /**
     * The numbers of one sender.
     *
     * @param sender its index
     * @return one per example
     */
    public double[] of(int sender) {
        return examples.stream().mapToDouble(values -> values[sender]).toArray();
    }

    /**
     * The mean of one sender.
     *
     * @param sender its index
     * @return NaN without examples
     */
    public double mean(int sender) {
        return average(of(sender));
    }

    /**
     * Means of all heads with percentile bootstrap intervals; without interval for fewer than two examples.
     *
     * @param title of the panel
     * @param quantity what the numbers are
     * @param seed of the bootstrap
     * @return {@code [layer, head]}
     */
    public HeadGrid heads(String title, Quantity quantity, long seed) {
        Grid means = grid(SenderMeans::average);
        if (examples.size() < 2) {
            return new HeadGrid(title, quantity, means);
        }
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        String method = "percentile bootstrap over " + examples.size() + " examples, " + DRAWS + " draws";
        return new HeadGrid(
                title,
                quantity,
                means,
                new Interval(
                        LEVEL, method, grid(sample -> bootstrap.ofMean(sample).lower()), grid(sample -> bootstrap
                                .ofMean(sample)
                                .upper())));
    }

    /**
     * Sample standard deviations of all heads over examples.
     *
     * @param title of the panel
     * @return {@code [layer, head]}; NaN for a single example
     */
    public HeadGrid spread(String title) {
        return new HeadGrid(
                title, Quantity.unsigned("standard deviation over examples", ""), grid(SenderMeans::deviation));
    }

    /**
     * Means of all MLPs.
     *
     * @param title of the table
     * @param unit of the numbers
     * @param seed of the bootstrap
     * @return one row per layer; none when the model has no MLPs
     */
    public Table mlps(String title, String unit, long seed) {
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        List<List<Object>> rows = IntStream.range(0, hasMlp ? dims.layers() : 0)
                .<List<Object>>mapToObj(layer -> {
                    double[] sample = of(dims.layers() * dims.heads() + layer);
                    Bootstrap.Ends ends = bootstrap.ofMean(sample);
                    return List.of(layer, average(sample), ends.lower(), ends.upper(), deviation(sample));
                })
                .toList();
        return new Table(
                title,
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.number("mean", unit),
                        Table.Column.number("lower (95 %)", unit),
                        Table.Column.number("upper (95 %)", unit),
                        Table.Column.number("standard deviation", unit)),
                rows);
    }

    private Grid grid(ToDoubleFunction<double[]> statistic) {
        return Grid.of(
                List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())),
                IntStream.range(0, dims.layers() * dims.heads())
                        .mapToDouble(head -> statistic.applyAsDouble(of(head)))
                        .toArray());
    }

    private static double average(double[] sample) {
        return Arrays.stream(sample).average().orElse(Double.NaN);
    }

    private static double deviation(double[] sample) {
        double mean = average(sample);
        double squares = Arrays.stream(sample).map(v -> (v - mean) * (v - mean)).sum();
        return sample.length < 2 ? Double.NaN : Math.sqrt(squares / (sample.length - 1));
    }
}
