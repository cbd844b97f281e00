package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One needle in one haystack.
 *
 * @param prompt token ids, needle and question included
 * @param needleFrom first position of the needle
 * @param needleTo one past its last
 * @param answer token ids that are asked for, all of them part of the needle
 * @param depth where the needle was meant to lie, 0 for the front and 1 for the end
 */
record NeedleRun(List<Integer> prompt, int needleFrom, int needleTo, List<Integer> answer, double depth) {
    NeedleRun {
        prompt = List.copyOf(prompt);
        answer = List.copyOf(answer);
    }

    /** What is put together; {@code others} are needles that are not asked for. */
    record Parts(
            List<Integer> haystack,
            List<Integer> needle,
            List<List<Integer>> others,
            List<Integer> question,
            List<Integer> answer) {
        /** Tokens besides the haystack. */
        int extra() {
            return needle.size()
                    + question.size()
                    + others.stream().mapToInt(List::size).sum();
        }

        /** The beginning of the haystack with the other needles spread over it, each behind a sentence. */
        private List<Integer> hay(int length, int period) {
            List<Integer> hay = new ArrayList<>(haystack.subList(0, length));
            for (int i = others.size() - 1; i >= 0; i--) {
                int at = (int) ((i + 0.5) / others.size() * length);
                while (period >= 0 && at < hay.size() && hay.get(at - 1 < 0 ? 0 : at - 1) != period) {
                    at++;
                }
                hay.addAll(at, others.get(i));
            }
            return hay;
        }
    }

    /**
     * Puts a needle into the beginning of a haystack.
     *
     * @param parts what to put together
     * @param length tokens of the whole prompt
     * @param depth where the needle lies, 0 for the front and 1 for the end
     * @param period token behind which a needle may stand, or -1 when it may stand anywhere
     */
    static NeedleRun of(Parts parts, int length, double depth, int period) {
        List<Integer> hay = parts.hay(length - parts.extra(), period);
        int at = Math.max(1, (int) Math.round(depth * hay.size()));
        int sentence = at;
        while (period >= 0 && sentence > 1 && hay.get(sentence - 1) != period) {
            sentence--;
        }
        // A haystack without a sentence end before that place keeps the place.
        int from = sentence > 1 ? sentence : at;
        List<Integer> ids = new ArrayList<>(hay.subList(0, from));
        ids.addAll(parts.needle);
        ids.addAll(hay.subList(from, hay.size()));
        ids.addAll(parts.question);
        return new NeedleRun(ids, from, from + parts.needle.size(), parts.answer, depth);
    }

    /** The prompt as the model takes it. */
    int[] ids() {
        return prompt.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether a token at a position is a copy of what was asked for, taken from the needle. */
    boolean copies(int token, int attended) {
        return answer.contains(token) && attended >= needleFrom && attended < needleTo && prompt.get(attended) == token;
    }

    /** Share of the different answer tokens that a response holds. */
    double recall(int[] response) {
        Set<Integer> wanted = new HashSet<>(answer);
        Set<Integer> found = new HashSet<>();
        for (int token : response) {
            if (wanted.contains(token)) {
                found.add(token);
            }
        }
        return (double) found.size() / wanted.size();
    }
}
