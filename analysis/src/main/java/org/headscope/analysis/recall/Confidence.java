package org.headscope.analysis.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.metric.LogitAboveMean;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskExam;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * How sure a model is of its answers, before and after the last block.
 *
 * @param after what the model says, one per example
 * @param before what the logit lens reads before the last block, in the same order
 * @param receipts of all interventions
 */
record Confidence(List<Said> after, List<Said> before, List<ReceiptSummary> receipts) {
    private static final int BINS = 10;
    private static final int TOKENS_AT_ONCE = 2048;

    /**
     * What was said to one example.
     *
     * @param probability of the first right answer
     * @param aboveMean its logit minus the mean logit
     * @param entropy in nats
     * @param highest probability of the likeliest token
     * @param right whether that is a right answer
     */
    record Said(double probability, double aboveMean, double entropy, double highest, boolean right) {
        static Said of(double[] logs, EncodedExample example) {
            int best = 0;
            for (int token = 1; token < logs.length; token++) {
                best = logs[token] > logs[best] ? token : best;
            }
            int answer = example.answers()[0];
            return new Said(
                    Math.exp(logs[answer]),
                    LogitAboveMean.of(logs, answer),
                    LogProbabilities.entropy(logs),
                    Math.exp(logs[best]),
                    example.isRight(best));
        }
    }

    /** Asks all examples, with interventions on top of what stands. */
    static Confidence of(
            AnalysisContext context, List<EncodedExample> examples, List<Intervention> more, Progress progress) {
        Confidence all = new Confidence(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        ReceiptSums receipts = new ReceiptSums();
        for (List<EncodedExample> group : TaskExam.byLength(examples)) {
            int step = Math.max(1, TOKENS_AT_ONCE / group.get(0).length());
            for (int from = 0; from < group.size(); from += step) {
                progress.checkCancelled();
                all.ask(context, group.subList(from, Math.min(group.size(), from + step)), more, receipts);
            }
        }
        all.receipts.addAll(receipts.all());
        return all;
    }

    private void ask(
            AnalysisContext context, List<EncodedExample> group, List<Intervention> more, ReceiptSums receipts) {
        TokenBatch batch =
                TokenBatch.of(group.stream().map(EncodedExample::clean).toArray(int[][]::new));
        HookSite last =
                HookSite.of(SiteKind.RESID_PRE, context.model().config().dims().layers() - 1);
        List<Intervention> interventions = new ArrayList<>(context.standing());
        interventions.addAll(more);
        RunRequest request = RunRequest.of(batch)
                .edits(new Interventions(context.model().config()).compile(interventions))
                .capture(last)
                .lastLogits()
                .build();
        try (RunResult run = context.model().run(request);
                NDManager temporary = run.manager().newSubManager()) {
            receipts.add(run.receipts().stream().map(ReceiptSummary::of).toList());
            int end = batch.length();
            NDArray stream = Alias.rows(run.cache().get(last), end - 1, end, temporary);
            var forward = context.model().forward();
            read(forward.unembed(stream, end - 1, forward.scope(temporary, SiteBus.NONE, null)), group, before);
            read(run.logits(), group, after);
        }
    }

    private static void read(NDArray logits, List<EncodedExample> group, List<Said> into) {
        float[] values = logits.toFloatArray();
        int vocab = values.length / group.size();
        for (int i = 0; i < group.size(); i++) {
            into.add(Said.of(LogProbabilities.row(values, i, vocab), group.get(i)));
        }
    }

    static double mean(List<Said> said, ToDoubleFunction<Said> number) {
        return said.stream().mapToDouble(number).average().orElse(Double.NaN);
    }

    static double accuracy(List<Said> said) {
        return mean(said, one -> one.right() ? 1 : 0);
    }

    /**
     * Expected calibration error with ten bins of equal width (Guo et al. 1706.04599): how far, on average, the probability of
     * the likeliest token is from how often it is right.
     */
    static double calibrationError(List<Said> said) {
        double[] sure = new double[BINS];
        double[] right = new double[BINS];
        for (Said one : said) {
            int bin = Math.min(BINS - 1, (int) (one.highest() * BINS));
            sure[bin] += one.highest();
            right[bin] += one.right() ? 1 : 0;
        }
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            error += Math.abs(sure[bin] - right[bin]) / said.size();
        }
        return error;
    }

    /** One number per example, in the order of {@link #after}. */
    static double[] numbers(List<Said> said, ToDoubleFunction<Said> number) {
        return Arrays.stream(said.toArray(Said[]::new)).mapToDouble(number).toArray();
    }
}
