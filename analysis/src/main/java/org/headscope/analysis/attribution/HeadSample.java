package org.headscope.analysis.attribution;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.hooks.config.Dims;
import org.jspecify.annotations.Nullable;

/**
 * One number per head and example.
 *
 * @param dims sizes of the model
 * @param examples {@code [layer * heads + head]} for each example, at least one
 * @param seed of the resampling
 */
record HeadSample(Dims dims, List<double[]> examples, long seed) {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    HeadSample {
        examples = List.copyOf(examples);
    }

    /** Mean over examples, {@code [layer * heads + head]}. */
    double[] means() {
        return heads(head -> Arrays.stream(of(head)).average().orElseThrow());
    }

    /** Means with an interval; one example alone says nothing about others, so it has none. */
    HeadGrid panel(String title, Quantity quantity) {
        double[] ones = new double[dims.layers() * dims.heads()];
        Arrays.fill(ones, 1);
        return scaled(ones, title, quantity);
    }

    /** The same with each head divided by its own constant, above 0. */
    HeadGrid scaled(double[] divisors, String title, Quantity quantity) {
        double[] means = means();
        return new HeadGrid(title, quantity, grid(heads(head -> means[head] / divisors[head])), interval(divisors));
    }

    private @Nullable Interval interval(double[] divisors) {
        if (examples.size() < 2) {
            return null;
        }
        var bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        List<Bootstrap.Ends> ends = IntStream.range(0, divisors.length)
                .mapToObj(head -> bootstrap.ofMean(of(head)))
                .toList();
        return new Interval(
                LEVEL,
                "percentile bootstrap over " + examples.size() + " examples, " + DRAWS + " draws",
                grid(heads(head -> ends.get(head).lower() / divisors[head])),
                grid(heads(head -> ends.get(head).upper() / divisors[head])));
    }

    private double[] of(int head) {
        return examples.stream().mapToDouble(one -> one[head]).toArray();
    }

    private double[] heads(ToDoubleFunction<Integer> number) {
        return IntStream.range(0, dims.layers() * dims.heads())
                .boxed()
                .mapToDouble(number)
                .toArray();
    }

    private Grid grid(double[] values) {
        return Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), values);
    }
}
