package org.headscope.analysis.train;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.Words;

/**
 * The tokens of the bundled model: every word of its world behind a blank, numbers of one and two digits, punctuation, and
 * for everything else the letters and the 256 bytes.
 */
public final class Vocabulary {
    /** Stands for a blank, as SentencePiece has it. */
    static final String BLANK = "\u2581";

    /** Begins every text. */
    static final String BOS = "<bos>";
    /** Stands for nothing, because bytes spell everything; the tokenizer's format asks for one. */
    static final String UNKNOWN = "<unk>";

    private static final Pattern PIECE = Pattern.compile("( ?)(\\p{L}+|\\d{1,2}|[^\\s\\p{L}\\d])");
    private static final int SAMPLES = 4000;
    private static final int NUMBERS = 100;

    private final List<String> tokens;

    private Vocabulary(List<String> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /**
     * Collects the words that some tasks use.
     *
     * @param tasks the tasks
     * @param seed of the examples that are looked through
     * @return their vocabulary, the same for the same tasks and seed
     */
    public static Vocabulary of(List<TaskGenerator> tasks, long seed) {
        Set<String> all = new LinkedHashSet<>(List.of(BOS, UNKNOWN));
        spelling(all);
        numbers(all);
        all.addAll(words(tasks, seed));
        return new Vocabulary(new ArrayList<>(all));
    }

    private static void spelling(Set<String> all) {
        for (int value = 0; value < 256; value++) {
            all.add(String.format(Locale.ROOT, "<0x%02X>", value));
        }
        all.add(BLANK);
        for (char letter = 'a'; letter <= 'z'; letter++) {
            all.add(String.valueOf(letter));
            all.add(String.valueOf(Character.toUpperCase(letter)));
        }
    }

    private static void numbers(Set<String> all) {
        for (int n = 0; n < NUMBERS; n++) {
            all.add(BLANK + n);
            all.add(String.format(Locale.ROOT, "%02d", n));
        }
        for (int digit = 0; digit <= 9; digit++) {
            all.add(Integer.toString(digit));
        }
    }

    private static Set<String> words(List<TaskGenerator> tasks, long seed) {
        Set<String> words = new TreeSet<>();
        SplittableRandom random = new SplittableRandom(seed);
        Words world = Words.all();
        for (TaskGenerator task : tasks) {
            for (int i = 0; i < SAMPLES; i++) {
                collect(task.propose(world, random).passage().text(), words);
            }
        }
        return words;
    }

    private static void collect(String text, Set<String> words) {
        Matcher piece = PIECE.matcher(" " + text);
        while (piece.find()) {
            String blank = piece.group(1).isEmpty() ? "" : BLANK;
            words.add(blank + piece.group(2));
        }
    }

    /** {@return all tokens; the place of each is its id} */
    public List<String> tokens() {
        return tokens;
    }

    /** {@return how many there are} */
    public int size() {
        return tokens.size();
    }
}
