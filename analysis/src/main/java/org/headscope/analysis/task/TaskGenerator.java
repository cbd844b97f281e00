package org.headscope.analysis.task;

import java.util.random.RandomGenerator;

/** Makes examples of one task, reproducibly from a seed, from words that a tokenizer has as single tokens. */
public interface TaskGenerator {
    /** Draws that never hit the wanted part mean that the task has no such part. */
    int MOST_DRAWS = 10_000;

    /** {@return what the task is} */
    TaskInfo info();

    /**
     * Makes an example from either part.
     *
     * @param words the words it may use
     * @param random the source of chance
     * @return an example
     * @throws TaskException when there are too few words
     */
    TaskExample propose(Words words, RandomGenerator random);

    /**
     * What its neutral prompts are: as its prompts, without what decides the answer, to average over in ablations.
     *
     * @return in words, such as {@code three distinct names}; empty when the task has none
     */
    default String neutralSet() {
        return "";
    }

    /**
     * Makes a neutral prompt.
     *
     * @param form the form of an example of this task
     * @param words the words it may use
     * @param random the source of chance
     * @return a prompt of that form from which no answer follows
     * @throws TaskException when the task has none
     */
    default String neutral(String form, Words words, RandomGenerator random) {
        throw new TaskException("Task '" + info().id() + "' has no neutral prompts; "
                + TaskRegistry.withNeutralPrompts() + " have some. Choose the task's own or its corrupt prompts.");
    }

    /**
     * Makes an example.
     *
     * @param words the words it may use
     * @param split from which part
     * @param random the source of chance
     * @return an example whose words in their roles belong to that part
     * @throws TaskException when there are too few words, or none of their combinations is in that part
     */
    default TaskExample draw(Words words, Split split, RandomGenerator random) {
        for (int i = 0; i < MOST_DRAWS; i++) {
            TaskExample example = propose(words, random);
            if (Split.of(example.role()) == split) {
                return example;
            }
        }
        throw new TaskException("Task '" + info().id() + "' has no " + split.word()
                + " example with the few words that this tokenizer has. Choose another task.");
    }
}
