package org.headscope.analysis.task;

import java.util.List;

/**
 * A prompt with a known answer, and a corrupt twin with another.
 *
 * @param role the words in their roles; decides between training and held-out examples
 * @param passage what a model learns from: the prompt and its answer, or more of the same
 * @param prompt the clean prompt, without the answer
 * @param corrupt a prompt of as many tokens whose answer differs
 * @param answers right answers, each a single token after the prompt, with their leading blanks
 * @param corruptAnswers right answers of the corrupt prompt
 * @param form what all prompts with the same words in the same places share: their template; empty when no two prompts of
 *     the task are known to align
 */
public record TaskExample(
        String role,
        Passage passage,
        String prompt,
        String corrupt,
        List<String> answers,
        List<String> corruptAnswers,
        String form) {
    /** Copies the lists. */
    public TaskExample {
        answers = List.copyOf(answers);
        corruptAnswers = List.copyOf(corruptAnswers);
    }

    /**
     * An example of no known form.
     *
     * @param role the words in their roles
     * @param passage what a model learns from
     * @param prompt the clean prompt
     * @param corrupt a prompt of as many tokens whose answer differs
     * @param answers right answers
     * @param corruptAnswers right answers of the corrupt prompt
     */
    public TaskExample(
            String role,
            Passage passage,
            String prompt,
            String corrupt,
            List<String> answers,
            List<String> corruptAnswers) {
        this(role, passage, prompt, corrupt, answers, corruptAnswers, "");
    }

    /** An example with one right answer, learned as it stands. */
    static TaskExample of(String role, String prompt, String corrupt, String answer, String corruptAnswer) {
        Passage passage = Passage.of(prompt).answer(answer).text(".");
        return new TaskExample(role, passage, prompt, corrupt, List.of(answer), List.of(corruptAnswer));
    }

    /** The same with another text to learn from. */
    TaskExample learnedFrom(Passage other) {
        return new TaskExample(role, other, prompt, corrupt, answers, corruptAnswers, form);
    }

    /** The same as one of a form. */
    TaskExample inForm(String template) {
        return new TaskExample(role, passage, prompt, corrupt, answers, corruptAnswers, template);
    }
}
