package org.headscope.analysis.attribution;

import java.util.Arrays;
import java.util.Objects;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** What one head writes from one source token towards a token less the mean of the vocabulary, by plain loops. */
record SourceOracle(HookedTransformer model, int[] ids, int position, int target) {
    static SourceOracle of(HookedTransformer model, int[] ids, int position, int target) {
        return new SourceOracle(model, ids, position, target);
    }

    double part(int layer, int head, int source) {
        Dims dims = model.config().dims();
        HookSite pattern = HookSite.of(SiteKind.PATTERN, layer);
        HookSite v = HookSite.of(SiteKind.V, layer);
        HookSite scale = HookSite.global(SiteKind.LN_FINAL_SCALE);
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {ids}))
                .capture(pattern, v, scale)
                .build())) {
            double attention = run.cache()
                    .get(pattern)
                    .get("0, " + head + ", " + position + ", " + source)
                    .getFloat();
            float[] value = run.cache()
                    .get(v)
                    .get("0, " + source + ", " + head / dims.group())
                    .toFloatArray();
            double s = run.cache().get(scale).get("0, " + position).toFloatArray()[0];
            return attention * readout(written(layer, head, value)) / s;
        }
    }

    private double[] written(int layer, int head, float[] value) {
        Dims dims = model.config().dims();
        float[] o = model.weights().blocks().get(layer).attention().o().weight().toFloatArray();
        double[] written = new double[dims.dModel()];
        for (int i = 0; i < written.length; i++) {
            for (int e = 0; e < value.length; e++) {
                written[i] += o[i * dims.heads() * dims.dHead() + head * dims.dHead() + e] * (double) value[e];
            }
        }
        return written;
    }

    private double readout(double[] written) {
        int vocab = model.config().dims().vocab();
        float[] u = model.weights().unembed().unembed().weight().toFloatArray();
        float[] gain = Objects.requireNonNull(
                        Objects.requireNonNull(model.weights().unembed().finalNorm())
                                .weight())
                .toFloatArray();
        boolean centred = model.config().block().norm().kind() == NormSpec.Kind.LAYER;
        double mean = centred ? Arrays.stream(written).average().orElseThrow() : 0;
        double sum = 0;
        for (int i = 0; i < written.length; i++) {
            double column = 0;
            for (int token = 0; token < vocab; token++) {
                column += ((token == target ? 1 : 0) - 1.0 / vocab) * u[token * written.length + i];
            }
            sum += (written[i] - mean) * gain[i] * column;
        }
        return sum;
    }
}
