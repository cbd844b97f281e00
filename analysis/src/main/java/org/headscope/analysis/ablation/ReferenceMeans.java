package org.headscope.analysis.ablation;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/** Averages activations over reference prompts that are added bit by bit, so that lengths may differ. */
final class ReferenceMeans {
    private final AnalysisContext context;
    private final List<HookSite> sites;
    private final boolean perPosition;
    private final Map<HookSite, double[]> sums = new TreeMap<>();
    private int count;

    ReferenceMeans(AnalysisContext context, List<HookSite> sites, boolean perPosition) {
        this.context = context;
        this.sites = sites;
        this.perPosition = perPosition;
    }

    void add(EncodedPrompt prompt) {
        add(prompt.batch());
    }

    /** Adds prompts of equal length. */
    void add(TokenBatch prompts) {
        int rows = prompts.size() * (perPosition ? 1 : prompts.length());
        try (RunResult run = context.model()
                .run(StandingRun.of(context, prompts)
                        .capture(sites)
                        .lastLogits()
                        .build())) {
            for (HookSite site : sites) {
                add(site, run.cache().get(site).toFloatArray(), rows);
            }
        }
        count += rows;
    }

    /** Adds {@code rows} stretches of equal length onto each other. */
    private void add(HookSite site, float[] values, int rows) {
        int width = values.length / rows;
        double[] sum = sums.computeIfAbsent(site, key -> new double[width]);
        for (int i = 0; i < values.length; i++) {
            sum[i % width] += values[i];
        }
    }

    /** The means, with a position axis of length 1 unless positions stay apart; they live as long as {@code owner}. */
    ActivationCache means(int length, NDManager owner) {
        ActivationCache means = new ActivationCache(owner.newSubManager());
        sums.forEach((site, sum) -> {
            float[] mean = new float[sum.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (float) (sum[i] / count);
            }
            Shape shape = context.model().sites().shapeOf(site, 1, perPosition ? length : 1);
            means.put(site, owner.create(mean, shape));
        });
        return means;
    }
}
