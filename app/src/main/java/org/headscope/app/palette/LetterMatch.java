package org.headscope.app.palette;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * How well a few typed letters fit a name: all must occur in their order; letters that stand together or begin a word count
 * more.
 */
final class LetterMatch {
    private static final int ADJACENT = 5;
    private static final int WORD_START = 8;
    private static final int LETTER = 1;

    private LetterMatch() {}

    /** Returns how well they fit, higher is better; empty when they do not. */
    static OptionalInt score(String typed, String name) {
        String letters = typed.toLowerCase(Locale.ROOT).replace(" ", "");
        String text = name.toLowerCase(Locale.ROOT);
        int score = 0;
        int from = 0;
        int last = -2;
        for (int i = 0; i < letters.length(); i++) {
            int at = best(text, letters.charAt(i), from, last);
            if (at < 0) {
                return OptionalInt.empty();
            }
            score += at == last + 1 ? ADJACENT : startsWord(text, at) ? WORD_START : LETTER;
            last = at;
            from = at + 1;
        }
        return OptionalInt.of(score * 100 - text.length());
    }

    /** The letter right after the last one, or else the next one that begins a word, or else the next one. */
    private static int best(String text, char letter, int from, int last) {
        if (last + 1 < text.length() && last >= 0 && text.charAt(last + 1) == letter) {
            return last + 1;
        }
        for (int at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
            if (startsWord(text, at)) {
                return at;
            }
        }
        return text.indexOf(letter, from);
    }

    private static boolean startsWord(String text, int at) {
        return at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
    }
}
