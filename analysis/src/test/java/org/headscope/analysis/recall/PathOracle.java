package org.headscope.analysis.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Path patching at the last position by whole runs and plain hooks that copy numbers; none of the project's interventions. */
final class PathOracle {
    private final HookedTransformer model;
    private final Dims dims;

    PathOracle(HookedTransformer model) {
        this.model = model;
        this.dims = model.config().dims();
    }

    static AnalysisContext context(HookedTransformer model, long seed) {
        return new AnalysisContext(model, new SessionPrompts(Session.of(model)), List.of(), seed, SweepJournal.none());
    }

    /** Logit minus mean logit of a token behind a prompt. */
    double metric(int[] prompt, int token) {
        return read(RunRequest.of(TokenBatch.of(prompt)), token);
    }

    /** The same with a head's z at the last position replaced by its mean over others, and every other head frozen. */
    double withHead(int[] prompt, List<int[]> others, int layer, int head, int token) {
        RunRequest.Builder request = RunRequest.of(TokenBatch.of(prompt));
        for (int l = 0; l < dims.layers(); l++) {
            HookSite z = HookSite.of(SiteKind.Z, l);
            float[] own = last(prompt, z);
            if (l == layer) {
                float[] mean = mean(others, z);
                System.arraycopy(mean, head * dims.dHead(), own, head * dims.dHead(), dims.dHead());
            }
            float[] frozen = all(prompt, z);
            System.arraycopy(own, 0, frozen, frozen.length - own.length, own.length);
            request.hook("z" + l, z, (value, point) -> value.getManager().create(frozen, value.getShape()));
        }
        return read(request, token);
    }

    /** The same with an MLP's output at the last position replaced, and all heads frozen. */
    double withMlp(int[] prompt, List<int[]> others, int layer, int token) {
        RunRequest.Builder request = RunRequest.of(TokenBatch.of(prompt));
        for (int l = 0; l < dims.layers(); l++) {
            HookSite z = HookSite.of(SiteKind.Z, l);
            float[] frozen = all(prompt, z);
            request.hook("z" + l, z, (value, point) -> value.getManager().create(frozen, value.getShape()));
        }
        HookSite site = HookSite.of(SiteKind.MLP_OUT, layer);
        float[] whole = all(prompt, site);
        float[] mean = mean(others, site);
        System.arraycopy(mean, 0, whole, whole.length - mean.length, mean.length);
        request.hook("mlp", site, (value, point) -> value.getManager().create(whole, value.getShape()));
        return read(request, token);
    }

    private double read(RunRequest.Builder request, int token) {
        try (RunResult run = model.run(request.lastLogits().build())) {
            float[] logits = run.logits().toFloatArray();
            double sum = 0;
            for (float logit : logits) {
                sum += logit;
            }
            return logits[token] - sum / logits.length;
        }
    }

    private float[] mean(List<int[]> prompts, HookSite site) {
        float[] mean = new float[last(prompts.get(0), site).length];
        for (int[] prompt : prompts) {
            float[] one = last(prompt, site);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += one[i] / prompts.size();
            }
        }
        return mean;
    }

    private float[] all(int[] prompt, HookSite site) {
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(prompt)).capture(site).build())) {
            return run.cache().get(site).toFloatArray();
        }
    }

    private float[] last(int[] prompt, HookSite site) {
        try (RunResult run = model.run(
                        RunRequest.of(TokenBatch.of(prompt)).capture(site).build());
                NDArray row =
                        run.cache().get(site).get(new NDIndex().addAllDim().addIndices(prompt.length - 1))) {
            return row.toFloatArray();
        }
    }
}
