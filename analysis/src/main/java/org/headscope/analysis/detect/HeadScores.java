package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.hooks.config.Dims;

/** One score per head and sequence: mean, spread, and how sure the mean is. */
final class HeadScores {
    private static final int DRAWS = 500;
    private static final double LEVEL = 0.95;

    private final Axis layers;
    private final Axis heads;
    private final List<double[]> sequences = new ArrayList<>();

    HeadScores(Dims dims) {
        this(dims.layers(), Axis.heads(dims.heads()));
    }

    /** {@code heads} counts query heads, key-value heads, or whatever else there is several of in a layer. */
    HeadScores(int layers, Axis heads) {
        this.layers = Axis.layers(layers);
        this.heads = heads;
    }

    /** Makes room for another sequence. */
    int open() {
        double[] scores = new double[layers.size() * heads.size()];
        Arrays.fill(scores, Double.NaN);
        sequences.add(scores);
        return sequences.size() - 1;
    }

    void set(int sequence, int layer, int head, double score) {
        sequences.get(sequence)[layer * heads.size() + head] = score;
    }

    int sequences() {
        return sequences.size();
    }

    /** Of one head, per sequence. */
    double[] of(int layer, int head) {
        return sequences.stream()
                .mapToDouble(scores -> scores[layer * heads.size() + head])
                .toArray();
    }

    double mean(int layer, int head) {
        return Arrays.stream(of(layer, head)).average().orElse(Double.NaN);
    }

    /** Sample standard deviation over sequences; NaN for a single one. */
    double deviation(int layer, int head) {
        double[] scores = of(layer, head);
        double mean = mean(layer, head);
        double squares = Arrays.stream(scores)
                .map(score -> (score - mean) * (score - mean))
                .sum();
        return scores.length < 2 ? Double.NaN : Math.sqrt(squares / (scores.length - 1));
    }

    /** Share of heads and sequences whose score is above a threshold. */
    double shareAbove(double threshold) {
        return sequences.stream()
                .flatMapToDouble(Arrays::stream)
                .map(score -> score > threshold ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    /** Means over sequences, with a bootstrap interval when there are several. */
    HeadGrid panel(String title, Quantity quantity, long seed) {
        GridBuilder means = Grid.builder(layers, heads);
        GridBuilder lower = Grid.builder(layers, heads);
        GridBuilder upper = Grid.builder(layers, heads);
        Bootstrap bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        for (int l = 0; l < layers.size(); l++) {
            for (int h = 0; h < heads.size(); h++) {
                Bootstrap.Ends ends = bootstrap.ofMean(of(l, h));
                means.set(mean(l, h), l, h);
                lower.set(ends.lower(), l, h);
                upper.set(ends.upper(), l, h);
            }
        }
        String method = "bootstrap over " + sequences.size() + " sequences, " + DRAWS + " draws";
        Interval interval =
                sequences.size() < 2 ? null : new Interval(LEVEL, method, lower.snapshot(), upper.snapshot());
        return new HeadGrid(title, quantity, means.snapshot(), interval);
    }

    /** Means of one column over sequences, layer by layer, with a band when there are several sequences. */
    Curve.Line line(String name, int column, long seed) {
        Bootstrap bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<Double> lower = new ArrayList<>();
        List<Double> upper = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            Bootstrap.Ends ends = bootstrap.ofMean(of(l, column));
            x.add((double) l);
            y.add(mean(l, column));
            lower.add(ends.lower());
            upper.add(ends.upper());
        }
        return sequences.size() < 2 ? new Curve.Line(name, x, y) : new Curve.Line(name, x, y, lower, upper);
    }
}
