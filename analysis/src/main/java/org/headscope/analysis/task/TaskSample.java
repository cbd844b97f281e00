package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;

/** Draws examples of a task for the model of an analysis. */
public final class TaskSample {
    private TaskSample() {}

    /**
     * Draws examples.
     *
     * @param context its model, BOS policy and seed
     * @param task id of the task
     * @param split from which part
     * @param count how many
     * @return the examples
     * @throws TaskException when there is no such task, the model has no tokenizer, or its tokenizer not the words
     */
    public static List<EncodedExample> draw(AnalysisContext context, String task, Split split, int count) {
        TaskGenerator generator = TaskRegistry.require(task);
        TextTokenizer tokenizer = context.model().tokenizer();
        if (tokenizer == null) {
            throw new TaskException("Tasks are made of words, but this model came without a tokenizer."
                    + " Put its tokenizer.json beside its weights.");
        }
        BosPolicy bos = BosPolicy.valueOf(context.prompts().bosPolicy().toUpperCase(java.util.Locale.ROOT));
        return new TaskEncoder(tokenizer, bos).draw(generator, split, count, context.seed());
    }

    /**
     * Sorts examples by length, so that those of one length can go through a model together.
     *
     * @param examples of any length
     * @return groups of equal length, short ones first
     */
    public static List<List<EncodedExample>> byLength(List<EncodedExample> examples) {
        return new ArrayList<>(examples.stream()
                .collect(Collectors.groupingBy(EncodedExample::length, TreeMap::new, Collectors.toList()))
                .values());
    }
}
