package org.headscope.analysis.task;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A secret and a text to hide it in, in pieces, for tests that choose length and depth themselves.
 *
 * @param haystack sentences about other things
 * @param needle the sentence to hide
 * @param question what to ask at the end
 * @param answer the word that is asked for, with its leading blank
 */
public record SecretNeedle(String haystack, String needle, String question, String answer) {
    /**
     * Draws one.
     *
     * @param words the words it may use
     * @param length least number of words of the haystack
     * @param random the source of chance
     * @return a secret that is not in its haystack
     * @throws TaskException when there are too few words
     */
    public static SecretNeedle draw(Words words, int length, RandomGenerator random) {
        List<String> secrets = Words.sample(words.list(2, "things"), 1, random);
        String name = Words.one(words.list(2, "names"), random);
        String haystack = Story.filler(words, length, random);
        while (haystack.contains(name)) {
            haystack = haystack.replace(name, Words.one(words.list(2, "names"), random));
        }
        String secret = Needle.secret(name);
        return new SecretNeedle(
                haystack, " " + secret + " " + secrets.get(0) + ".", " Question: " + secret, " " + secrets.get(0));
    }
}
