package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A question with four lettered options, answered by a letter. The corrupt prompt exchanges two options. */
public final class MultipleChoice implements TaskGenerator {
    private static final String LETTERS = "ABCD";
    private static final Pattern OPTION = Pattern.compile(" [A-D]: (\\w+)");
    /** One draw in a hundred will do. */
    private static final int PATIENCE = 20_000;

    private static final List<String> KINDS = List.of("animal", "fruit", "color", "place", "object");

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "multiple-choice",
                "Multiple choice",
                "Give the letter of the right one of four options.",
                "Lieberum et al. 2023, arXiv 2307.09458");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        return random.nextBoolean() ? byFact(words, random) : byKind(words, random);
    }

    /**
     * The role of an example names the first wrong option that was drawn. The same options may have been drawn in another
     * order, so an example is held out only when each of its wrong options would hold it out.
     */
    @Override
    public TaskExample draw(Words words, Split split, RandomGenerator random) {
        for (int i = 0; i < PATIENCE; i++) {
            TaskExample example = TaskGenerator.super.draw(words, split, random);
            if (split == Split.TRAIN || wrongRoles(example).allMatch(role -> Split.of(role) == split)) {
                return example;
            }
        }
        throw new TaskException("Task 'multiple-choice' has no held-out example with the few words that this tokenizer"
                + " has. Choose another task.");
    }

    /** What the role would be with each of the wrong options in front. */
    private static Stream<String> wrongRoles(TaskExample example) {
        String[] role = example.role().split(" ", -1);
        return OPTION.matcher(example.prompt())
                .results()
                .map(option -> option.group(1))
                .filter(option -> !option.equals(role[1]))
                .map(option -> role[0] + " " + role[1] + " " + option);
    }

    private static TaskExample byFact(Words words, RandomGenerator random) {
        List<List<String>> rows =
                Words.sample(words.rows(LETTERS.length(), "countries", "country", "capital"), LETTERS.length(), random);
        String country = rows.get(0).get(0);
        List<String> options =
                new ArrayList<>(rows.stream().map(row -> row.get(1)).toList());
        return example("What is the capital of " + country + "?", country, options, random);
    }

    private static TaskExample byKind(Words words, RandomGenerator random) {
        List<String> kinds = Words.sample(KINDS, 2, random);
        List<String> options = new ArrayList<>(
                Words.sample(words.things(LETTERS.length(), kinds.get(1)), LETTERS.length() - 1, random));
        options.add(0, Words.one(words.things(LETTERS.length(), kinds.get(0)), random));
        return example(Articles.fit("Which one is a " + kinds.get(0) + "?"), kinds.get(0), options, random);
    }

    /** The right option comes first and is then moved to a random place. */
    private static TaskExample example(String question, String asked, List<String> options, RandomGenerator random) {
        String right = options.get(0);
        String role = asked + " " + right + " " + options.get(1);
        Collections.shuffle(options, new java.util.Random(random.nextLong()));
        int place = options.indexOf(right);
        int other = (place + 1 + random.nextInt(LETTERS.length() - 1)) % LETTERS.length();
        String clean = prompt(question, options);
        Collections.swap(options, place, other);
        return TaskExample.of(
                role, clean, prompt(question, options), " " + LETTERS.charAt(place), " " + LETTERS.charAt(other));
    }

    private static String prompt(String question, List<String> options) {
        StringBuilder text = new StringBuilder("Question: ").append(question);
        for (int i = 0; i < options.size(); i++) {
            text.append(' ').append(LETTERS.charAt(i)).append(": ").append(options.get(i));
        }
        return text.append(" Answer:").toString();
    }
}
