package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskException;

/**
 * A multiple-choice question with the places of its options.
 *
 * @param example the question
 * @param labels token ids of all labels, in the order of their ids
 * @param positions where the label of each option stands, in the same order
 * @param contents where the words of each option stand, in the same order
 */
record ChoicePrompt(
        EncodedExample example, List<Integer> labels, List<Integer> positions, List<List<Integer>> contents) {
    ChoicePrompt {
        labels = List.copyOf(labels);
        positions = List.copyOf(positions);
        contents = List.copyOf(contents);
    }

    /** Index of the right option. */
    int right() {
        return labels.indexOf(example.answers()[0]);
    }

    /**
     * Finds labels and options.
     *
     * @param examples questions whose last tokens, behind the options, are the same
     * @param labels token ids of all labels
     * @throws TaskException when a prompt does not show every label as a token of its own
     */
    static List<ChoicePrompt> of(List<EncodedExample> examples, List<Integer> labels) {
        int tail = tail(examples);
        List<ChoicePrompt> prompts = new ArrayList<>();
        for (EncodedExample example : examples) {
            List<Integer> positions =
                    labels.stream().map(label -> last(example, label)).toList();
            int end = example.length() - tail;
            prompts.add(new ChoicePrompt(example, labels, positions, contents(positions, end)));
        }
        return prompts;
    }

    private static int last(EncodedExample example, int label) {
        for (int p = example.length() - 1; p >= 0; p--) {
            if (example.clean()[p] == label) {
                return p;
            }
        }
        throw new TaskException(
                "The question '" + example.example().prompt() + "' does not show the label with token id " + label
                        + " as a token of its own, so that attention to labels cannot be told. Choose another model.");
    }

    /** From behind a label to the next one, or to what all prompts end in. */
    private static List<List<Integer>> contents(List<Integer> positions, int end) {
        return positions.stream()
                .map(from -> {
                    int to = positions.stream()
                            .filter(other -> other > from)
                            .min(Comparator.naturalOrder())
                            .orElse(end);
                    return IntStream.range(from + 1, Math.max(from + 1, to))
                            .boxed()
                            .toList();
                })
                .toList();
    }

    /** How many tokens at the end are the same everywhere. */
    private static int tail(List<EncodedExample> examples) {
        int[] first = examples.get(0).clean();
        int tail = 0;
        while (tail < first.length && agree(examples, tail)) {
            tail++;
        }
        return tail;
    }

    private static boolean agree(List<EncodedExample> examples, int back) {
        int[] first = examples.get(0).clean();
        return examples.stream()
                .allMatch(example -> example.length() > back
                        && example.clean()[example.length() - 1 - back] == first[first.length - 1 - back]);
    }
}
