package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * What heads and MLPs give at the last position of many prompts. While heads are frozen nothing moves between positions, so
 * this is all that paths to the logits need. Prompts may differ in length; those of one length run together.
 */
public final class EndActivations {
    private static final int TOKENS_AT_ONCE = 2048;

    private final AnalysisContext context;
    private final Map<HookSite, float[][]> rows = new TreeMap<>();
    private final ReceiptSums receipts = new ReceiptSums();
    private final int size;

    private EndActivations(AnalysisContext context, int size) {
        this.context = context;
        this.size = size;
        for (int l = 0; l < context.model().config().dims().layers(); l++) {
            rows.put(HookSite.of(SiteKind.Z, l), new float[size][]);
            if (context.model().config().block().hasMlp()) {
                rows.put(HookSite.of(SiteKind.MLP_OUT, l), new float[size][]);
            }
        }
    }

    /**
     * Runs prompts under the standing interventions.
     *
     * @param context the model and what stands
     * @param prompts token ids of each
     * @param progress may cancel
     * @return what their last positions hold
     */
    public static EndActivations of(AnalysisContext context, List<int[]> prompts, Progress progress) {
        EndActivations ends = new EndActivations(context, prompts.size());
        Map<Integer, List<Integer>> lengths = IntStream.range(0, prompts.size())
                .boxed()
                .collect(Collectors.groupingBy(i -> prompts.get(i).length, TreeMap::new, Collectors.toList()));
        lengths.forEach((length, group) -> {
            int step = Math.max(1, TOKENS_AT_ONCE / length);
            for (int from = 0; from < group.size(); from += step) {
                progress.checkCancelled();
                ends.read(group.subList(from, Math.min(group.size(), from + step)), prompts);
            }
        });
        return ends;
    }

    private void read(List<Integer> which, List<int[]> prompts) {
        TokenBatch batch = TokenBatch.of(which.stream().map(prompts::get).toArray(int[][]::new));
        RunRequest request = StandingRun.of(context, batch)
                .capture(rows.keySet())
                .lastLogits()
                .build();
        try (RunResult run = context.model().run(request);
                NDManager temporary = run.manager().newSubManager()) {
            receipts.add(run.receipts().stream().map(ReceiptSummary::of).toList());
            rows.forEach((site, values) -> {
                NDArray last = Alias.rows(run.cache().get(site), batch.length() - 1, batch.length(), temporary);
                float[] all = last.toFloatArray();
                int width = all.length / which.size();
                for (int i = 0; i < which.size(); i++) {
                    values[which.get(i)] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
                }
            });
        }
    }

    /** {@return how many prompts there are} */
    public int size() {
        return size;
    }

    /** {@return receipts of the standing interventions, added up over the runs} */
    public List<ReceiptSummary> receipts() {
        return receipts.all();
    }

    /**
     * What one prompt has at a site.
     *
     * @param site z or the MLP output of some layer
     * @param prompt its index
     * @return {@code [head * d_head]} or {@code [d_model]}; not to be changed
     */
    public float[] of(HookSite site, int prompt) {
        float[][] values = rows.get(site);
        if (values == null) {
            throw new IllegalArgumentException("The ends hold z and MLP outputs, not " + site + ".");
        }
        return values[prompt];
    }

    /**
     * The mean over some prompts, made to be put into any prompt.
     *
     * @param prompts their indices, at least one
     * @param owner must live as long as the means are used
     * @return z and MLP outputs of all layers, {@code [1, 1, ..]}
     */
    public ActivationCache mean(List<Integer> prompts, NDManager owner) {
        ActivationCache means = new ActivationCache(owner.newSubManager());
        rows.forEach((site, values) -> {
            float[] mean = new float[values[prompts.get(0)].length];
            for (int i = 0; i < mean.length; i++) {
                double sum = 0;
                for (int prompt : prompts) {
                    sum += values[prompt][i];
                }
                mean[i] = (float) (sum / prompts.size());
            }
            means.put(site, owner.create(mean, context.model().sites().shapeOf(site, 1, 1)));
        });
        return means;
    }

    /**
     * What one prompt has, made to be put into any other.
     *
     * @param prompt its index
     * @param owner must live as long as it is used
     * @return z and MLP outputs of all layers, {@code [1, 1, ..]}
     */
    public ActivationCache one(int prompt, NDManager owner) {
        return mean(Collections.singletonList(prompt), owner);
    }
}
