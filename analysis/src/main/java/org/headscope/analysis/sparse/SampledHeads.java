package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.stat.Bootstrap;

/** A number per head for each of several texts, and what can be said about their mean. */
final class SampledHeads {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private final List<Axis> axes;
    private final List<double[]> samples = new ArrayList<>();

    /** {@code heads}: an axis of heads or of key-value heads. */
    SampledHeads(int layers, Axis heads) {
        this.axes = List.of(Axis.layers(layers), heads);
    }

    /** The numbers of one text, layer after layer. */
    void add(double[] values) {
        samples.add(values);
    }

    int size() {
        return samples.size();
    }

    double[] mean() {
        return IntStream.range(0, axes.get(0).size() * axes.get(1).size())
                .mapToDouble(i -> Arrays.stream(of(i)).average().orElse(Double.NaN))
                .toArray();
    }

    private double[] of(int head) {
        return samples.stream().mapToDouble(values -> values[head]).toArray();
    }

    /** The means, with an interval when there are two texts or more. */
    HeadGrid grid(String title, Quantity quantity, long seed) {
        Grid means = Grid.of(axes, mean());
        if (samples.size() < 2) {
            return new HeadGrid(title, quantity, means);
        }
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        double[] lower = new double[means.size()];
        double[] upper = new double[means.size()];
        for (int i = 0; i < lower.length; i++) {
            Bootstrap.Ends ends = bootstrap.ofMean(of(i));
            lower[i] = ends.lower();
            upper[i] = ends.upper();
        }
        String method = "percentile bootstrap over " + samples.size() + " texts, " + DRAWS + " draws";
        return new HeadGrid(
                title, quantity, means, new Interval(LEVEL, method, Grid.of(axes, lower), Grid.of(axes, upper)));
    }
}
