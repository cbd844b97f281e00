package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Names with numbers, then one name again. The corrupt prompt asks for another name. */
public final class KeyValue implements TaskGenerator {
    private static final int FEWEST = 3;
    private static final int MOST = 24;
    private static final int NUMBERS = 50;
    private static final int QUESTIONS = 4;

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "key-value",
                "Look up a number",
                "Find the number that stands behind a name in a list.",
                "Wu et al. 2024, arXiv 2404.15574 (as retrieval); key-value form by this project");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        int count = random.nextInt(FEWEST, MOST + 1);
        int highest = words.numbers(NUMBERS);
        List<String> names = Words.sample(words.list(MOST, "names"), count, random);
        List<String> numbers = new ArrayList<>();
        StringBuilder list = new StringBuilder("Numbers:");
        for (String name : names) {
            String number = Integer.toString(random.nextInt(highest));
            numbers.add(number);
            list.append(' ').append(name).append(' ').append(number).append(',');
        }
        list.setCharAt(list.length() - 1, '.');
        String question = list + " The number of ";
        int asked = random.nextInt(count);
        int other = different(numbers, asked, random);
        if (other == asked) {
            return propose(words, random);
        }
        TaskExample example = TaskExample.of(
                names.get(asked) + " " + numbers.get(asked),
                question + names.get(asked) + " is",
                question + names.get(other) + " is",
                " " + numbers.get(asked),
                " " + numbers.get(other));
        return example.learnedFrom(lesson(list.toString(), names, numbers, random));
    }

    private static int different(List<String> numbers, int asked, RandomGenerator random) {
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            if (!numbers.get(i).equals(numbers.get(asked))) {
                others.add(i);
            }
        }
        return others.isEmpty() ? asked : Words.one(others, random);
    }

    private static Passage lesson(String list, List<String> names, List<String> numbers, RandomGenerator random) {
        Passage passage = Passage.ofNoise(list);
        for (int i = 0; i < Math.min(QUESTIONS, names.size()); i++) {
            int asked = random.nextInt(names.size());
            // A question whose answer is held out is not learned from.
            float weight = Split.of(names.get(asked) + " " + numbers.get(asked)) == Split.TRAIN ? 1 : 0;
            String question = " The number of " + names.get(asked) + " is";
            passage = passage.text(question);
            passage = weight == 1 ? passage.answer(" " + numbers.get(asked)) : passage.noise(" " + numbers.get(asked));
            passage = passage.text(".");
        }
        return passage;
    }
}
