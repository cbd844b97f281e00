package org.headscope.analysis.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.metric.LogitAboveMean;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** How far the answer stands above the mean logit, read through the final norm in front of and behind every MLP. */
final class ResultLens {
    static final String TITLE = "Logit lens of the result, before and behind each MLP";
    private static final int TOKENS_AT_ONCE = 2048;

    private ResultLens() {}

    /** Means over examples; where attention and MLP run in parallel both lines start from the block's input. */
    static Curve curve(AnalysisContext context, List<EncodedExample> examples, Progress progress) {
        HookedTransformer model = context.model();
        int layers = model.config().dims().layers();
        SiteKind front = model.config().block().hasResidMid() ? SiteKind.RESID_MID : SiteKind.RESID_PRE;
        double[] before = new double[layers];
        double[] behind = new double[layers];
        for (List<EncodedExample> group : TaskExam.byLength(examples)) {
            int step = Math.max(1, TOKENS_AT_ONCE / group.get(0).length());
            for (int from = 0; from < group.size(); from += step) {
                progress.checkCancelled();
                read(context, group.subList(from, Math.min(group.size(), from + step)), front, before);
                read(context, group.subList(from, Math.min(group.size(), from + step)), SiteKind.RESID_POST, behind);
            }
        }
        return new Curve(
                TITLE,
                Quantity.unsigned("layer", ""),
                Quantity.signed("logit above the mean", "logits"),
                List.of(
                        line("before the MLP", before, examples.size()),
                        line("behind the MLP", behind, examples.size())));
    }

    private static Curve.Line line(String name, double[] sums, int count) {
        List<Double> x = new ArrayList<>();
        for (int l = 0; l < sums.length; l++) {
            x.add((double) l);
        }
        return new Curve.Line(
                name, x, Arrays.stream(sums).mapToObj(sum -> sum / count).toList());
    }

    private static void read(AnalysisContext context, List<EncodedExample> group, SiteKind kind, double[] sums) {
        TokenBatch batch =
                TokenBatch.of(group.stream().map(EncodedExample::clean).toArray(int[][]::new));
        RunRequest.Builder request = StandingRun.of(context, batch).lastLogits();
        for (int l = 0; l < sums.length; l++) {
            request.capture(HookSite.of(kind, l));
        }
        int end = batch.length();
        var forward = context.model().forward();
        try (RunResult run = context.model().run(request.build())) {
            for (int l = 0; l < sums.length; l++) {
                try (NDManager temporary = run.manager().newSubManager()) {
                    NDArray rows = Alias.rows(run.cache().get(HookSite.of(kind, l)), end - 1, end, temporary);
                    float[] logits = forward.unembed(rows, end - 1, forward.scope(temporary, SiteBus.NONE, null))
                            .toFloatArray();
                    int vocab = logits.length / group.size();
                    for (int i = 0; i < group.size(); i++) {
                        sums[l] += LogitAboveMean.of(
                                LogProbabilities.row(logits, i, vocab),
                                group.get(i).answers()[0]);
                    }
                }
            }
        }
    }
}
