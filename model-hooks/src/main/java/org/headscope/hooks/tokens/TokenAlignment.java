package org.headscope.hooks.tokens;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Two tokenized prompts side by side. Patching compares them position by position, so they must have equal numbers of
 * tokens; where they do not, {@link #describe()} shows the stretch that is to blame.
 *
 * @param first one prompt, for example the clean one
 * @param second the other, for example the corrupt one
 */
public record TokenAlignment(Tokenized first, Tokenized second) {
    /** {@return whether both have equally many tokens} */
    public boolean equalLength() {
        return first.length() == second.length();
    }

    /** {@return how many tokens at the start are the same} */
    public int commonPrefix() {
        int shorter = Math.min(first.length(), second.length());
        int same = 0;
        while (same < shorter && first.id(same) == second.id(same)) {
            same++;
        }
        return same;
    }

    /** {@return how many tokens at the end are the same, not counting those of the common start} */
    public int commonSuffix() {
        int most = Math.min(first.length(), second.length()) - commonPrefix();
        int same = 0;
        while (same < most && first.id(first.length() - 1 - same) == second.id(second.length() - 1 - same)) {
            same++;
        }
        return same;
    }

    /**
     * The positions at which the prompts differ.
     *
     * @return positions from 0, in order
     * @throws UnequalLengthException when the prompts have different numbers of tokens
     */
    public List<Integer> differing() {
        requireEqualLength();
        return IntStream.range(0, first.length())
                .filter(position -> first.id(position) != second.id(position))
                .boxed()
                .toList();
    }

    /**
     * Refuses prompts of different lengths.
     *
     * @throws UnequalLengthException with {@link #describe()} as its message
     */
    public void requireEqualLength() {
        if (!equalLength()) {
            throw new UnequalLengthException(
                    describe() + " Change the words so that both have the same number of tokens.");
        }
    }

    /** {@return a sentence or two about lengths and differences, for people to read} */
    public String describe() {
        int prefix = commonPrefix();
        int suffix = commonSuffix();
        if (equalLength()) {
            return "Both prompts have " + first.length() + " tokens and differ at "
                    + differing().size() + " of them.";
        }
        return "The prompts have " + first.length() + " and " + second.length() + " tokens. The first " + prefix
                + " and the last " + suffix + " are the same; between, one reads " + stretch(first, prefix, suffix)
                + " and the other " + stretch(second, prefix, suffix) + ".";
    }

    private static String stretch(Tokenized tokens, int prefix, int suffix) {
        List<String> pieces = tokens.strings().subList(prefix, tokens.length() - suffix);
        return pieces.isEmpty() ? "nothing" : "'" + String.join("|", pieces) + "'";
    }
}
