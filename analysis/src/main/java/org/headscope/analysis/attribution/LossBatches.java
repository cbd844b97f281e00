package org.headscope.analysis.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;

/**
 * Batches of prompts with their loss: examples of a task with the loss of the right answer, or pieces of a text with the
 * loss of every next token.
 *
 * @param request what to run
 * @param loss summed over the batch
 * @param size number of prompts
 */
record LossBatches(RunRequest.Builder request, SummedMetric loss, int size) {
    private static final int TOKENS_AT_ONCE = 1024;
    /* Logits of the whole vocabulary for this many numbers at once: about 50 MB, and the backward pass holds several. */
    private static final long LOGITS_AT_ONCE = 12_000_000;

    /** What was asked for: exactly one of task and text. */
    static List<LossBatches> of(AnalysisContext context, HeadImportance.Parameters asked) {
        if (!context.model().config().attention().causal()) {
            throw new HeadscopeException("Head importance needs the loss of a next token, which means nothing for this "
                    + context.model().config().family()
                    + " model: it sees later tokens. Open a model that reads from left to right.");
        }
        if (asked.task() != null) {
            if (asked.text() != null) {
                throw ParameterException.refused("text", asked.text().line(), "either a task or a text, not both");
            }
            return task(context, asked, asked.task());
        }
        if (asked.text() == null) {
            throw ParameterException.refused("task", "", "a task, or a text with --text");
        }
        return text(context, asked, context.prompts().encode("text", asked.text()));
    }

    private static List<LossBatches> task(AnalysisContext context, HeadImportance.Parameters asked, String task) {
        Dims dims = context.model().config().dims();
        List<EncodedExample> examples = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(task), asked.split(), asked.count(), context.seed());
        examples.forEach(example -> example.requireFits(dims.context()));
        List<LossBatches> batches = new ArrayList<>();
        for (List<EncodedExample> group : TaskExam.byLength(examples)) {
            int step = atOnce(dims, group.get(0).length(), 1);
            for (int from = 0; from < group.size(); from += step) {
                List<EncodedExample> part = group.subList(from, Math.min(group.size(), from + step));
                int[][] ids = part.stream().map(EncodedExample::clean).toArray(int[][]::new);
                RunRequest.Builder request =
                        StandingRun.of(context, TokenBatch.of(ids)).lastLogits();
                batches.add(new LossBatches(request, SummedMetric.wrongness(part), part.size()));
            }
        }
        return batches;
    }

    /** Whole pieces only, so that every position counts equally often; a text shorter than one piece is one. */
    private static List<LossBatches> text(
            AnalysisContext context, HeadImportance.Parameters asked, PromptTokens tokens) {
        Dims dims = context.model().config().dims();
        int[] all = tokens.ids().stream().mapToInt(Integer::intValue).toArray();
        int length = Math.min(asked.length(), all.length);
        if (length < 2 || length > dims.context()) {
            throw new HeadscopeException("Pieces of " + length + " tokens have no next token or do not fit this model:"
                    + " give a text and a length of 2 to " + dims.context() + " tokens.");
        }
        List<int[]> pieces = new ArrayList<>();
        for (int from = 0; from + length <= all.length && pieces.size() < asked.count(); from += length) {
            pieces.add(Arrays.copyOfRange(all, from, from + length));
        }
        int step = atOnce(dims, length, length);
        List<LossBatches> batches = new ArrayList<>();
        for (int from = 0; from < pieces.size(); from += step) {
            TokenBatch part = TokenBatch.of(
                    pieces.subList(from, Math.min(pieces.size(), from + step)).toArray(int[][]::new));
            batches.add(new LossBatches(StandingRun.of(context, part), SummedMetric.surprise(part), part.size()));
        }
        return batches;
    }

    private static int atOnce(Dims dims, int length, int readPositions) {
        long logits = LOGITS_AT_ONCE / ((long) dims.vocab() * readPositions);
        return (int) Math.max(1, Math.min(TOKENS_AT_ONCE / length, logits));
    }
}
