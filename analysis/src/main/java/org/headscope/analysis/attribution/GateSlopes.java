package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Slopes of a metric by a gate on every head, at the open gate: {@code dM/dg = sum over positions of <z, dM/dz>}. Prompts of
 * a batch do not touch each other, so the gradient of the sum of their metrics is that of each, and they stay apart.
 *
 * @param metric sum over the batch
 * @param byPrompt {@code [prompt][layer * heads + head]}
 * @param receipts of the edits
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record GateSlopes(double metric, double[][] byPrompt, List<Receipt> receipts) {
    /** Takes them all in one backward pass; the request needs no captures. */
    static GateSlopes of(AnalysisContext context, RunRequest.Builder request, SummedMetric metric) {
        Dims dims = context.model().config().dims();
        List<HookSite> sites = IntStream.range(0, dims.layers())
                .mapToObj(layer -> HookSite.of(SiteKind.Z, layer))
                .toList();
        RunRequest asked = request.capture(sites).build();
        double[][] slopes = new double[asked.tokens().size()][dims.layers() * dims.heads()];
        try (Gradients.Result result = new Gradients(context.model()).of(asked, metric::of)) {
            for (HookSite site : sites) {
                float[] layer = layer(result, site);
                for (int i = 0; i < layer.length; i++) {
                    slopes[i / dims.heads()][site.layer() * dims.heads() + i % dims.heads()] = layer[i];
                }
            }
            return new GateSlopes(result.metric(), slopes, result.receipts());
        }
    }

    /** {@code [prompt, head]}. */
    private static float[] layer(Gradients.Result result, HookSite site) {
        try (NDManager temporary = result.manager().newSubManager()) {
            NDArray z = Alias.of(result.activations().get(site), temporary);
            return z.mul(result.gradients().get(site)).sum(new int[] {1, 3}).toFloatArray();
        }
    }
}
