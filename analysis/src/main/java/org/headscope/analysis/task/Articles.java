package org.headscope.analysis.task;

import java.util.regex.Pattern;

/** Puts "an" where "a" stands before a vowel, for sentences that were filled with words. */
final class Articles {
    private static final Pattern BEFORE_VOWEL = Pattern.compile("\\b([Aa]) (?=[aeiou])");

    private Articles() {}

    static String fit(String text) {
        return BEFORE_VOWEL.matcher(text).replaceAll("$1n ");
    }
}
