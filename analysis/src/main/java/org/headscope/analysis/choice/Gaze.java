package org.headscope.analysis.choice;

import java.util.Arrays;

/**
 * Where a head looks from the last token, on average over questions.
 *
 * @param rightLabel attention to the label of the right option
 * @param labels attention to each label, whether right or not
 * @param rightContent attention to the words of the right option
 * @param contents attention to the words of each option, whether right or not
 * @param end attention to the last tokens, which are the same in all questions
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record Gaze(double rightLabel, double[] labels, double rightContent, double[] contents, double end) {
    /** Less attention than this to a kind of place is not looking there. */
    private static final double LOOKS = 0.3;
    /** So much of that attention must be at one place to single it out. */
    private static final double SINGLES_OUT = 0.6;

    double allLabels() {
        return Arrays.stream(labels).sum();
    }

    double allContents() {
        return Arrays.stream(contents).sum();
    }

    /** The kind of head, by thresholds of this project. */
    String kind() {
        double most = Arrays.stream(labels).max().orElse(0);
        if (allLabels() >= LOOKS) {
            if (most >= SINGLES_OUT * allLabels()) {
                return "constant letter";
            }
            return rightLabel >= SINGLES_OUT * allLabels() ? "correct letter" : "uniform over letters";
        }
        if (allContents() >= LOOKS) {
            if (Arrays.stream(contents).max().orElse(0) >= SINGLES_OUT * allContents()) {
                return "constant content";
            }
            return rightContent >= SINGLES_OUT * allContents() ? "gathers the right content" : "looks at contents";
        }
        return end >= LOOKS ? "amplification" : "other";
    }
}
