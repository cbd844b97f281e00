package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Reads attention and outputs of all heads in one pass over the sequences. */
final class ProfileReading {
    private final AnalysisContext context;
    private final SinkSequences of;
    private final Progress progress;

    ProfileReading(AnalysisContext context, SinkSequences of, Progress progress) {
        this.context = context;
        this.of = of;
        this.progress = progress;
    }

    /** Adds sink score, span, entropy and size of the output; returns the receipts of what stands. */
    List<ReceiptSummary> attention(List<HeadColumn> columns) {
        Dims dims = context.model().config().dims();
        HeadColumn sink = new HeadColumn("Sink score", "", false, new HeadScores(dims));
        HeadColumn span = new HeadColumn("Span", "tokens", false, new HeadScores(dims));
        HeadColumn entropy = new HeadColumn("Entropy", "nats", false, new HeadScores(dims));
        HeadColumn output = new HeadColumn("Output norm", "", false, new HeadScores(dims));
        float[][] distances = {PatternMasks.distances(0, of.ids()[0].length)};
        List<HookSite> sites = new ArrayList<>(HookSite.perLayer(dims.layers(), SiteKind.PATTERN));
        sites.addAll(HookSite.perLayer(dims.layers(), SiteKind.Z));
        List<ReceiptSummary> standing = new SiteScan(context, sites, (value, point, first) -> {
                    int layer = point.site().layer();
                    if (point.site().kind() == SiteKind.Z) {
                        PatternScan.keep(norms(value, layer), layer, first, output.scores());
                    } else {
                        PatternScan.keep(AttentionSinks.alphas(value, point, 0)[0], layer, first, sink.scores());
                        PatternScan.keep(PatternMasks.sums(value, distances)[0], layer, first, span.scores());
                        PatternScan.keep(entropy(value), layer, first, entropy.scores());
                    }
                })
                .run(of.ids(), done -> {
                    progress.checkCancelled();
                    progress.report(done, of.ids().length, of.label());
                });
        columns.addAll(List.of(sink, span, entropy, output));
        return standing;
    }

    /** In nats, mean over queries, {@code [batch][head]}. */
    private static double[][] entropy(NDArray pattern) {
        Shape s = pattern.getShape();
        float[] flat = pattern.toFloatArray();
        double[][] result = new double[(int) s.get(0)][(int) s.get(1)];
        int size = (int) (s.get(2) * s.get(3));
        for (int i = 0; i < flat.length; i++) {
            if (flat[i] > 0) {
                int head = i / size;
                result[head / result[0].length][head % result[0].length] -= flat[i] * Math.log(flat[i]) / s.get(2);
            }
        }
        return result;
    }

    /** Mean over positions of {@code |z W_O|}, {@code [batch][head]}; z is {@code [batch, pos, head, d_head]}. */
    private double[][] norms(NDArray z, int layer) {
        Dims dims = context.model().config().dims();
        Shape s = z.getShape();
        NDArray o = Alias.of(
                context.model().weights().blocks().get(layer).attention().o().weight(), z.getManager());
        double[][] result = new double[(int) s.get(0)][dims.heads()];
        for (int h = 0; h < dims.heads(); h++) {
            String columns = ":, " + h * dims.dHead() + ":" + (h + 1) * dims.dHead();
            NDArray written = z.get(":, :, " + h + ", :")
                    .reshape(new Shape(s.get(0) * s.get(1), dims.dHead()))
                    .matMul(o.get(columns).transpose());
            float[] norms = written.mul(written).sum(new int[] {1}).sqrt().toFloatArray();
            for (int row = 0; row < norms.length; row++) {
                result[row / (int) s.get(1)][h] += norms[row] / s.get(1);
            }
        }
        return result;
    }
}
