package org.headscope.hooks.tokens;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import org.jspecify.annotations.Nullable;

/** Converts places counted in code points, as the tokenizer counts, to places in a Java string. */
final class CodePoints {
    private static final Span NOWHERE = new Span(0, 0);

    /** The char at which each code point starts, and the end; null when they are the same. */
    private final int @Nullable [] starts;

    CodePoints(String text) {
        int points = text.codePointCount(0, text.length());
        this.starts = points == text.length() ? null : starts(text, points);
    }

    /** {@code null} is what the tokenizer says of tokens that are not from the text. */
    Span span(@Nullable CharSpan place) {
        return place == null ? NOWHERE : new Span(toChar(place.getStart()), toChar(place.getEnd()));
    }

    /** Half a surrogate pair would be replaced without a word on its way into the native library. */
    static void requireWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (!pair) {
                throw new TokenizerException("The text holds half a character (a lone surrogate) at char " + i
                        + ". Type or paste it again.");
            }
            i++;
        }
    }

    private int toChar(int point) {
        return starts == null ? point : starts[point];
    }

    private static int[] starts(String text, int points) {
        int[] starts = new int[points + 1];
        int at = 0;
        for (int point = 0; point < points; point++) {
            starts[point] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        starts[points] = at;
        return starts;
    }
}
