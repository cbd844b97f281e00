package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** What leaving out small changes does to each head while everything before its layer is exact. */
final class DeltaErrors {
    static final String SPARSITY = "Share of key changes left out";
    static final String ERROR = "Error of head outputs";

    private final AnalysisContext context;
    private final double theta;
    private final int window;
    private final SampledHeads errors;
    private final SampledHeads zeros;

    DeltaErrors(AnalysisContext context, double theta, int window) {
        Dims dims = context.model().config().dims();
        this.context = context;
        this.theta = theta;
        this.window = window;
        this.errors = new SampledHeads(dims.layers(), Axis.heads(dims.heads()));
        this.zeros = new SampledHeads(dims.layers(), Axis.kvHeads(dims.kvHeads()));
    }

    /** One run as it is, and one per layer with the deltas of that layer only. */
    void read(EncodedExample example) {
        ModelConfig config = context.model().config();
        Dims dims = config.dims();
        double[] relative = new double[dims.layers() * dims.heads()];
        double[] shares = new double[dims.layers() * dims.kvHeads()];
        List<HookSite> sites = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            sites.add(HookSite.of(SiteKind.Z, layer));
            sites.add(keys(config, layer));
        }
        try (RunResult exact = run(example, List.of(), sites)) {
            for (int layer = 0; layer < dims.layers(); layer++) {
                float[] k = exact.cache().get(keys(config, layer)).toFloatArray();
                System.arraycopy(
                        DeltaKeys.of(k, dims, theta).sparsity(dims), 0, shares, layer * dims.kvHeads(), dims.kvHeads());
                HookSite z = HookSite.of(SiteKind.Z, layer);
                List<SiteEdit> edits = new DeltaEdits(config, theta, window).of(layer);
                try (RunResult changed = run(example, edits, List.of(z))) {
                    double[] errors = relative(
                            exact.cache().get(z).toFloatArray(),
                            changed.cache().get(z).toFloatArray(),
                            dims);
                    System.arraycopy(errors, 0, relative, layer * dims.heads(), dims.heads());
                }
            }
        }
        errors.add(relative);
        zeros.add(shares);
    }

    private static HookSite keys(ModelConfig config, int layer) {
        return LayerVectors.sites(config, layer).get(1);
    }

    private RunResult run(EncodedExample example, List<SiteEdit> edits, List<HookSite> sites) {
        RunRequest request = StandingRun.of(context, TokenBatch.of(example.clean()))
                .edits(edits)
                .capture(sites)
                .lastLogits()
                .build();
        return context.model().run(request);
    }

    /** Length of the change by length of the output, over all positions: {@code [head]}. */
    private static double[] relative(float[] exact, float[] changed, Dims dims) {
        double[] squares = new double[dims.heads()];
        double[] sizes = new double[dims.heads()];
        for (int i = 0; i < exact.length; i++) {
            int head = i / dims.dHead() % dims.heads();
            squares[head] += ((double) changed[i] - exact[i]) * ((double) changed[i] - exact[i]);
            sizes[head] += (double) exact[i] * exact[i];
        }
        return IntStream.range(0, squares.length)
                .mapToDouble(h -> sizes[h] == 0 ? Double.NaN : Math.sqrt(squares[h] / sizes[h]))
                .toArray();
    }

    List<GridPanel> panels(long seed) {
        return List.of(
                zeros.grid(SPARSITY, Quantity.unsigned("share of components", ""), seed),
                errors.grid(ERROR, Quantity.unsigned("relative length of the change", ""), seed));
    }
}
