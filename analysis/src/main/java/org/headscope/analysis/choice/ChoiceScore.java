package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.SampleSummary;

/**
 * How a model did on a question.
 *
 * @param right whether the likeliest token is the right label
 * @param loss of the right label, in nats
 * @param centred logit of the right label minus the mean over all labels
 */
record ChoiceScore(boolean right, double loss, double centred) {
    /** Of the row that begins at {@code from}. */
    static ChoiceScore of(ChoicePrompt prompt, float[] logits, int row, int vocab) {
        double[] logs = LogProbabilities.row(logits, row, vocab);
        int answer = prompt.example().answers()[0];
        double mean = prompt.labels().stream()
                .mapToDouble(label -> logs[label])
                .average()
                .orElseThrow();
        int best = 0;
        for (int id = 1; id < vocab; id++) {
            best = logs[id] > logs[best] ? id : best;
        }
        return new ChoiceScore(best == answer, -logs[answer], logs[answer] - mean);
    }

    /** All rows of a batch. */
    static List<ChoiceScore> all(List<ChoicePrompt> prompts, float[] logits) {
        int vocab = logits.length / prompts.size();
        List<ChoiceScore> scores = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            scores.add(of(prompts.get(i), logits, i, vocab));
        }
        return scores;
    }

    static double accuracy(List<ChoiceScore> scores) {
        return scores.stream().mapToDouble(one -> one.right ? 1 : 0).average().orElseThrow();
    }

    static SampleSummary over(List<ChoiceScore> scores, ToDoubleFunction<ChoiceScore> number, Bootstrap bootstrap) {
        return SampleSummary.of(scores.stream().mapToDouble(number).toArray(), bootstrap);
    }
}
