package org.headscope.analysis.edges;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.stat.Bootstrap;

/** Scores of edges and of the parts they leave, averaged over pairs. */
final class EdgeMeans {
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    private final EdgeSpace space;
    private final double[][] scores;
    private final double[] means;
    private final Bootstrap bootstrap;

    /** @param scores {@code [pair][edge]} */
    EdgeMeans(EdgeSpace space, double[][] scores, long seed) {
        this.space = space;
        this.scores = scores;
        this.means = IntStream.range(0, space.size())
                .mapToDouble(edge -> mean(ofEdge(edge)))
                .toArray();
        this.bootstrap = new Bootstrap(DRAWS, LEVEL, seed);
    }

    /** {@return the mean score of every edge} */
    double[] means() {
        return means.clone();
    }

    /** The edges with the largest mean scores, whatever their sign, largest first. */
    List<Integer> largest(int count) {
        return IntStream.range(0, space.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer edge) -> -Math.abs(means[edge])))
                .limit(count)
                .toList();
    }

    double[] ofEdge(int edge) {
        return Arrays.stream(scores).mapToDouble(pair -> pair[edge]).toArray();
    }

    /**
     * The sum of the scores of all edges that leave a writer, pair by pair. The stream adds up, so its slope at a writer is
     * the sum of the slopes at all who read it, and this sum is the attribution of the whole writer.
     */
    double[] ofWriter(int writer) {
        double[] sums = new double[scores.length];
        for (int edge = 0; edge < space.size(); edge++) {
            if (space.edge(edge).writer() == writer) {
                for (int pair = 0; pair < sums.length; pair++) {
                    sums[pair] += scores[pair][edge];
                }
            }
        }
        return sums;
    }

    /** A bootstrap interval of a mean over pairs; NaN for a single pair, which says nothing about others. */
    Bootstrap.Ends interval(double[] sample) {
        return sample.length < 2 ? new Bootstrap.Ends(Double.NaN, Double.NaN) : bootstrap.ofMean(sample);
    }

    /** In words, as intervals are labelled. */
    String method() {
        return "percentile bootstrap over " + scores.length + " prompt pairs, " + DRAWS + " draws";
    }

    int pairs() {
        return scores.length;
    }

    static double level() {
        return LEVEL;
    }

    static double mean(double[] sample) {
        return Arrays.stream(sample).average().orElse(Double.NaN);
    }

    /** The sample standard deviation; NaN for a single number. */
    static double deviation(double[] sample) {
        double mean = mean(sample);
        double squares = Arrays.stream(sample).map(v -> (v - mean) * (v - mean)).sum();
        return sample.length < 2 ? Double.NaN : Math.sqrt(squares / (sample.length - 1));
    }
}
