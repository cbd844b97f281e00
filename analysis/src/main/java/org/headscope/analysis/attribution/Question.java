package org.headscope.analysis.attribution;

import java.util.List;
import org.headscope.analysis.metric.TokenProbability;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/**
 * A prompt, and a number that is read off the logits of its last position.
 *
 * @param ids token ids {@code [pos]}
 * @param labels what to call the positions
 * @param answer token id
 * @param foil token id whose logit is subtracted; null for the probability of the answer
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the model, never compared
record Question(int[] ids, List<String> labels, int answer, @Nullable Integer foil) {
    /** What integrated gradients can be asked about: a prompt with an answer, or examples of a task. */
    interface Form {
        /** The prompt, or null. */
        @Nullable
        Prompt prompt();

        /** Its answer, or null. */
        @Nullable
        Prompt answer();

        /** Its foil; null for the probability of the answer. */
        @Nullable
        Prompt foil();

        /** The task, or null. */
        @Nullable
        String task();

        /** From which part its examples are drawn. */
        Split split();

        /** How many. */
        int count();
    }

    /** The questions of a form; refuses models without a next token and forms that say too much or too little. */
    static List<Question> of(AnalysisContext context, Form form) {
        if (!context.model().config().attention().causal()) {
            throw new HeadscopeException("This method asks for the next token, which means nothing for this "
                    + context.model().config().family()
                    + " model: it sees later tokens. Open a model that reads from left to right.");
        }
        if (form.task() != null) {
            if (form.prompt() != null) {
                throw ParameterException.refused("task", form.task(), "either a task or a prompt, not both");
            }
            return drawn(context, form, form.task());
        }
        if (form.prompt() == null || form.answer() == null) {
            throw ParameterException.refused("prompt", "", "a prompt with its --answer, or a --task");
        }
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", form.prompt());
        int answer = context.prompts().answer(form.answer());
        Prompt against = form.foil();
        Integer foil = against == null ? null : context.prompts().answer(against);
        if (against != null && foil != null && foil == answer) {
            throw ParameterException.refused("foil", against.line(), "a token other than the answer");
        }
        return List.of(new Question(prompt.ids(), prompt.labels(), answer, foil));
    }

    /** The right answer of the corrupt twin is the foil. */
    private static List<Question> drawn(AnalysisContext context, Form form, String task) {
        List<EncodedExample> examples = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(task), form.split(), form.count(), context.seed());
        int longest = context.model().config().dims().context();
        examples.forEach(example -> example.requireFits(longest));
        return examples.stream()
                .map(example ->
                        new Question(example.clean(), List.of(), example.answers()[0], example.corruptAnswers()[0]))
                .toList();
    }

    /** For gradients. */
    SummedMetric summed() {
        return foil == null ? SummedMetric.probability(answer) : SummedMetric.difference(answer, foil);
    }

    /** For sweeps: the same number. */
    SweepMetric swept() {
        return foil == null ? new TokenProbability(answer) : new LogitDifference(answer, foil);
    }

    String unit() {
        return foil == null ? "probability" : "logits";
    }
}
