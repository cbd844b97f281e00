package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A secret and a text to hide it in, in pieces, for tests that choose length and depth themselves.
 *
 * @param haystack sentences about other things
 * @param needle the sentence to hide
 * @param others sentences with the secrets of other people, to be hidden in the same text
 * @param question what to ask at the end
 * @param answer the words that are asked for, with their leading blanks
 */
public record SecretNeedle(String haystack, String needle, List<String> others, String question, String answer) {
    /** Copies the list. */
    public SecretNeedle {
        others = List.copyOf(others);
    }

    /**
     * What kind of secret.
     *
     * @param secrets how many people have one; a single one is asked for
     * @param words how many words each secret has
     * @param split the part that name and secret belong to, as in the task {@code needle}; null for any
     */
    public record Kind(int secrets, int words, @Nullable Split split) {
        /** One secret of one word. */
        public static final Kind PLAIN = new Kind(1, 1, null);
    }

    /**
     * Draws one.
     *
     * @param words the words it may use
     * @param length least number of words of the haystack
     * @param kind how many secrets, of how many words
     * @param random the source of chance
     * @return a secret whose names are not in its haystack
     * @throws TaskException when there are too few words
     */
    public static SecretNeedle draw(Words words, int length, Kind kind, RandomGenerator random) {
        for (int i = 0; i < TaskGenerator.MOST_DRAWS; i++) {
            int all = kind.secrets * kind.words;
            List<String> secrets = Words.sample(words.list(all + 1, "things"), all, random);
            List<String> names = Words.sample(words.list(kind.secrets + 1, "names"), kind.secrets, random);
            String first = String.join(" ", secrets.subList(0, kind.words));
            if (kind.split == null || Split.of(names.get(0) + " " + first) == kind.split) {
                return hidden(words, length, names, secrets, random);
            }
        }
        throw new TaskException("None of the few words that this tokenizer has makes a needle of the part "
                + (kind.split == null ? "" : kind.split.word()) + ".");
    }

    private static SecretNeedle hidden(
            Words words, int length, List<String> names, List<String> secrets, RandomGenerator random) {
        int each = secrets.size() / names.size();
        List<String> answers = new ArrayList<>();
        List<String> needles = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            answers.add(" " + String.join(" ", secrets.subList(i * each, (i + 1) * each)));
            needles.add(" " + Needle.secret(names.get(i)) + answers.get(i) + ".");
        }
        String haystack = Story.filler(words, length, random);
        while (names.stream().anyMatch(haystack::contains)) {
            for (String name : names) {
                haystack = haystack.contains(name)
                        ? haystack.replace(name, Words.one(words.list(2, "names"), random))
                        : haystack;
            }
        }
        return new SecretNeedle(
                haystack,
                needles.get(0),
                needles.subList(1, needles.size()),
                " Question: " + Needle.secret(names.get(0)),
                answers.get(0));
    }
}
