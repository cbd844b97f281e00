package org.headscope.analysis.patching;

import java.util.stream.IntStream;

/** Prompts for the hand-built induction model: BOS, sixteen tokens, and the first seven again, so that token 8 is next. */
final class InductionSentences {
    private InductionSentences() {}

    static int[] clean() {
        return IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
                .toArray();
    }

    /** The token whose successor is asked for is another one in the first copy. */
    static int[] oneKeyChanged() {
        int[] ids = clean();
        ids[7] = 30;
        return ids;
    }
}
