package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * How much attention each query behind the sinks pays to them.
 *
 * @param shares {@code [sequence][layer][head][query]}, queries counted from the first one behind the last sink
 * @param receipts what acted
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is
record SinkMass(double[][][][] shares, List<ReceiptSummary> receipts) {
    /**
     * Measures under the standing interventions and some more.
     *
     * @param sinks positions of the sinks
     */
    static SinkMass of(
            AnalysisContext context,
            int[][] sequences,
            Set<Integer> sinks,
            List<Intervention> more,
            IntConsumer afterBatch) {
        int layers = context.model().config().dims().layers();
        int heads = context.model().config().dims().heads();
        double[][][][] shares = new double[sequences.length][layers][heads][];
        List<Intervention> all = new ArrayList<>(context.standing());
        all.addAll(more);
        AnalysisContext inside =
                new AnalysisContext(context.model(), context.prompts(), all, context.seed(), context.journal());
        List<ReceiptSummary> receipts = new SiteScan(
                        inside, HookSite.perLayer(layers, SiteKind.PATTERN), (pattern, point, first) -> {
                            double[][][] read = read(pattern, sinks);
                            for (int b = 0; b < read.length; b++) {
                                shares[first + b][point.site().layer()] = read[b];
                            }
                        })
                .run(sequences, afterBatch);
        return new SinkMass(shares, receipts);
    }

    /** {@code [batch][head][query]}. */
    private static double[][][] read(NDArray pattern, Set<Integer> sinks) {
        Shape s = pattern.getShape();
        int length = (int) s.get(2);
        int from = sinks.stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
        float[] weights = new float[length];
        sinks.forEach(sink -> weights[sink] = 1);
        float[] sums = pattern.matMul(pattern.getManager().create(weights, new Shape(length, 1)))
                .toFloatArray();
        double[][][] result = new double[(int) s.get(0)][(int) s.get(1)][length - from];
        for (int b = 0; b < result.length; b++) {
            for (int h = 0; h < result[b].length; h++) {
                for (int t = from; t < length; t++) {
                    result[b][h][t - from] = sums[(b * result[b].length + h) * length + t];
                }
            }
        }
        return result;
    }

    /** Mean over queries, of one head in one sequence. */
    double mean(int sequence, int layer, int head) {
        double sum = 0;
        for (double share : shares[sequence][layer][head]) {
            sum += share;
        }
        return sum / shares[sequence][layer][head].length;
    }

    /** {@code 1 - sum p' / sum p} over everything. */
    double pooledDecay(SinkMass after) {
        double p = 0;
        double q = 0;
        for (int s = 0; s < shares.length; s++) {
            for (int l = 0; l < shares[s].length; l++) {
                p += sum(shares[s][l]);
                q += sum(after.shares[s][l]);
            }
        }
        return decay(p, q);
    }

    /** {@code 1 - sum p' / sum p} over the heads and queries of one layer in one sequence. */
    double pooledDecay(SinkMass after, int sequence, int layer) {
        return decay(sum(shares[sequence][layer]), sum(after.shares[sequence][layer]));
    }

    /** {@code 1 - mean p' / p} over the heads and queries of one layer in one sequence, without those of p = 0. */
    double meanDecay(SinkMass after, int sequence, int layer) {
        double ratios = 0;
        int count = 0;
        for (int h = 0; h < shares[sequence][layer].length; h++) {
            for (int t = 0; t < shares[sequence][layer][h].length; t++) {
                double before = shares[sequence][layer][h][t];
                if (before > 0) {
                    ratios += after.shares[sequence][layer][h][t] / before;
                    count++;
                }
            }
        }
        return count == 0 ? Double.NaN : 1 - ratios / count;
    }

    /** NaN where there was no attention to lose. */
    private static double decay(double before, double after) {
        return before == 0 ? Double.NaN : 1 - after / before;
    }

    private static double sum(double[][] heads) {
        double sum = 0;
        for (double[] head : heads) {
            for (double share : head) {
                sum += share;
            }
        }
        return sum;
    }
}
