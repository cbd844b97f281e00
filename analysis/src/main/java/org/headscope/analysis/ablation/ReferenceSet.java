package org.headscope.analysis.ablation;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskGenerator;

/** The prompts that outputs are averaged over or taken from. */
public enum ReferenceSet {
    /** Other prompts of the task, from the training part. */
    TASK,
    /** The corrupt twins of those. */
    CORRUPT,
    /** Prompts of the same form without what decides the answer: three distinct names in place of two, for example. */
    NEUTRAL;

    /**
     * A prompt to take outputs from.
     *
     * @param form its template; empty when the task has none
     * @param ids its token ids
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on to the model, never compared
    record Prompt(String form, int[] ids) {}

    /** Draws prompts; of a neutral set, {@code count} for every form among the examples. */
    List<Prompt> draw(TaskEncoder encoder, TaskGenerator task, List<EncodedExample> examples, int count, long seed) {
        if (this == NEUTRAL) {
            List<Prompt> prompts = new ArrayList<>();
            for (String form : forms(examples)) {
                encoder.neutral(task, form, count, seed).forEach(ids -> prompts.add(new Prompt(form, ids)));
            }
            return prompts;
        }
        return encoder.draw(task, Split.TRAIN, count, seed).stream()
                .map(one -> new Prompt(one.example().form(), this == CORRUPT ? one.corrupt() : one.clean()))
                .toList();
    }

    private static TreeSet<String> forms(List<EncodedExample> examples) {
        TreeSet<String> forms = new TreeSet<>();
        examples.forEach(example -> forms.add(example.example().form()));
        return forms;
    }

    /** The set in words. */
    String words(TaskGenerator task, int prompts) {
        String id = task.info().id();
        return prompts + " "
                + switch (this) {
                    case TASK -> "prompts of " + id + ", training part";
                    case CORRUPT -> "corrupt prompts of " + id + ", training part";
                    case NEUTRAL -> "neutral prompts of " + id + ": " + task.neutralSet();
                };
    }
}
