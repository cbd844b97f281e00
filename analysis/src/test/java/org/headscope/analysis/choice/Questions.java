package org.headscope.analysis.choice;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Passage;
import org.headscope.analysis.task.TaskExample;
import org.headscope.hooks.handbuilt.LabelModel;

/** Questions for the hand-built label model: fillers, the labels in any order, and one token that asks. */
final class Questions {
    private Questions() {}

    static List<EncodedExample> draw(int count, long seed) {
        Random random = new Random(seed);
        List<EncodedExample> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Integer> labels = new ArrayList<>(
                    IntStream.range(0, LabelModel.LABELS).boxed().toList());
            Collections.shuffle(labels, random);
            int asked = random.nextInt(LabelModel.LABELS);
            int other = (asked + 1 + random.nextInt(LabelModel.LABELS - 1)) % LabelModel.LABELS;
            int fillers = 1 + random.nextInt(3);
            questions.add(example(prompt(labels, asked, fillers), prompt(labels, other, fillers), asked, other));
        }
        return questions;
    }

    static EncodedExample example(int[] clean, int[] corrupt, int answer, int other) {
        var text = new TaskExample("", new Passage(List.of()), "made of ids", "", List.of(""), List.of(""), "");
        return new EncodedExample(text, clean, corrupt, new int[] {answer}, new int[] {other});
    }

    private static int[] prompt(List<Integer> labels, int asked, int fillers) {
        IntStream first = IntStream.range(LabelModel.FILLER, LabelModel.FILLER + fillers);
        IntStream middle = labels.stream().mapToInt(Integer::intValue);
        return IntStream.concat(IntStream.concat(first, middle), IntStream.of(LabelModel.LABELS + asked))
                .toArray();
    }
}
