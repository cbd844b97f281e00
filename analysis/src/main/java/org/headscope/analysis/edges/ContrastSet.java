package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunResult;

/**
 * The prompt pairs of one run, in batches of equal length, short ones first. Pairs on which clean and corrupt run hardly
 * differ are left out: no edge can carry a difference that is not there.
 *
 * @param batches the pairs
 * @param drawn how many there were before
 */
record ContrastSet(List<Contrast.Batch> batches, int drawn) {
    /* Every head has its own copy of the residual stream in these runs: so many numbers per site and batch. */
    private static final long NUMBERS_AT_ONCE = 64L << 20;
    private static final int COPIES = 3;
    /* Below this the difference is rounding noise of single precision. */
    private static final double SMALLEST = 1e-4;

    ContrastSet {
        batches = List.copyOf(batches);
    }

    /**
     * What to draw from a task.
     *
     * @param task its id
     * @param split from which part
     * @param count how many
     * @param gap smallest difference of the logit differences of the clean and the corrupt run
     * @param seed the same seed draws the same examples
     */
    record Draw(String task, Split split, int count, double gap, long seed) {}

    /** Examples of a task: first right answer against first right answer of the corrupt prompt. */
    static ContrastSet of(AnalysisContext context, Draw draw, Progress progress) {
        List<EncodedExample> examples = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(draw.task()), draw.split(), draw.count(), draw.seed());
        examples.forEach(
                example -> example.requireFits(context.model().config().dims().context()));
        List<Contrast> all = examples.stream()
                .map(one -> new Contrast(one.clean(), one.corrupt(), one.answers()[0], one.corruptAnswers()[0]))
                .toList();
        List<Contrast> used = new ArrayList<>();
        for (Contrast.Batch batch : batches(context, all)) {
            progress.checkCancelled();
            double[] clean = differences(context, batch, batch.clean());
            double[] corrupt = differences(context, batch, batch.corrupt());
            for (int i = 0; i < batch.size(); i++) {
                if (clean[i] - corrupt[i] >= draw.gap()) {
                    used.add(batch.members().get(i));
                }
            }
        }
        if (used.isEmpty()) {
            throw new TaskException("None of " + all.size() + " examples of task '" + draw.task()
                    + "' can be used: the logit difference of the clean prompt is always less than " + draw.gap()
                    + " logits above that of the corrupt one. Choose a task that this model can do, more examples, or"
                    + " a smaller gap.");
        }
        return new ContrastSet(batches(context, used), all.size());
    }

    /** A single pair of prompts. */
    static ContrastSet of(AnalysisContext context, Prompt clean, Prompt corrupt, int answer, int foil) {
        EncodedPrompt one = EncodedPrompt.of(context, "clean", clean);
        EncodedPrompt other = EncodedPrompt.of(context, "corrupt", corrupt);
        one.requireSameLength(other);
        if (answer == foil) {
            throw new HeadscopeException("Answer and foil are the same token " + answer + " ('"
                    + context.prompts().show(answer) + "'): give two different ones.");
        }
        var batch = new Contrast.Batch(List.of(new Contrast(one.ids(), other.ids(), answer, foil)));
        double gap = differences(context, batch, batch.clean())[0] - differences(context, batch, batch.corrupt())[0];
        if (Math.abs(gap) < SMALLEST) {
            throw new HeadscopeException(
                    "The logit differences of the clean and the corrupt prompt are less than " + SMALLEST
                            + " apart, so no edge carries anything. Choose a corrupt prompt that changes the answer.");
        }
        return new ContrastSet(List.of(batch), 1);
    }

    /** {@return how many pairs there are} */
    int size() {
        return batches.stream().mapToInt(Contrast.Batch::size).sum();
    }

    private static double[] differences(AnalysisContext context, Contrast.Batch batch, TokenBatch tokens) {
        try (RunResult run =
                context.model().run(StandingRun.of(context, tokens).lastLogits().build())) {
            double[] differences = batch.differences(run.logits().toFloatArray());
            for (double difference : differences) {
                if (Double.isNaN(difference)) {
                    throw new HeadscopeException("A logit is not a number: check the model's weights.");
                }
            }
            return differences;
        }
    }

    private static List<Contrast.Batch> batches(AnalysisContext context, List<Contrast> all) {
        Dims dims = context.model().config().dims();
        long tokens = NUMBERS_AT_ONCE / ((long) COPIES * dims.layers() * dims.heads() * dims.dModel());
        Map<Integer, List<Contrast>> byLength = all.stream()
                .collect(Collectors.groupingBy(one -> one.clean().length, TreeMap::new, Collectors.toList()));
        List<Contrast.Batch> batches = new ArrayList<>();
        byLength.forEach((length, group) -> {
            int step = (int) Math.max(1, tokens / length);
            for (int from = 0; from < group.size(); from += step) {
                batches.add(new Contrast.Batch(group.subList(from, Math.min(group.size(), from + step))));
            }
        });
        return batches;
    }
}
