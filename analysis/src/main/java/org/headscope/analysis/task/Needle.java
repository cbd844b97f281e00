package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A secret hidden in unrelated text, and a question about it at the end; one or two secrets of other people lie in the
 * same text. The corrupt prompt asks for one of those.
 */
public final class Needle implements TaskGenerator {
    private static final int SECRETS = 3;

    private final int shortest;
    private final int longest;

    /**
     * A task of some length.
     *
     * @param shortest least number of words of filler
     * @param longest greatest number of words of filler
     */
    public Needle(int shortest, int longest) {
        this.shortest = shortest;
        this.longest = longest;
    }

    /** {@return needles in 64 to 500 tokens of the bundled model} */
    public static Needle standard() {
        return new Needle(50, 400);
    }

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "needle",
                "Needle in a haystack",
                "Find a secret that was told somewhere in a long text.",
                "Wu et al. 2024, arXiv 2404.15574");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        List<String> names = Words.sample(words.list(SECRETS, "names"), SECRETS, random);
        List<String> secrets = Words.sample(words.list(SECRETS + 1, "things"), SECRETS, random);
        List<String> sentences =
                new ArrayList<>(List.of(Story.filler(words, random.nextInt(shortest, longest + 1), random)
                        .split("(?<=\\.) ", -1)));
        for (int i = 0; i < SECRETS; i++) {
            sentences.add(random.nextInt(sentences.size() + 1), secret(names.get(i)) + " " + secrets.get(i) + ".");
        }
        String text = String.join(" ", sentences) + " Question: ";
        TaskExample example = TaskExample.of(
                names.get(0) + " " + secrets.get(0),
                text + secret(names.get(0)),
                text + secret(names.get(1)),
                " " + secrets.get(0),
                " " + secrets.get(1));
        return example.learnedFrom(lesson(String.join(" ", sentences), names, secrets));
    }

    static String secret(String name) {
        return "The secret word of " + name + " is";
    }

    private static Passage lesson(String text, List<String> names, List<String> secrets) {
        Passage passage = Passage.of(text);
        for (int i = 0; i < SECRETS; i++) {
            passage = passage.text(" Question: " + secret(names.get(i)));
            passage = Split.of(names.get(i) + " " + secrets.get(i)) == Split.TRAIN
                    ? passage.answer(" " + secrets.get(i))
                    : passage.noise(" " + secrets.get(i));
            passage = passage.text(".");
        }
        return passage;
    }
}
