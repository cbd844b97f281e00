package org.headscope.app.attention;

import org.headscope.analysis.mask.HeadMask;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** What the attention view says about the pattern it shows. */
final class AttentionWords {
    private AttentionWords() {}

    static String title(PatternQuestion question) {
        return question.head() == PatternQuestion.MEAN
                ? Messages.get("attention.title.mean", Integer.toString(question.layer()))
                : Messages.get("attention.title", question.layer() + "." + question.head());
    }

    /** What the first position gets; a column that is left out is said to be so. */
    static String first(PatternQuestion question, HeadPattern pattern, boolean hidden) {
        if (Double.isNaN(pattern.first())) {
            return "";
        }
        String share = Ticks.format(pattern.first());
        String last = Integer.toString(pattern.values().rows() - 1);
        String token = VisibleText.of(question.run().strings().get(0));
        return hidden
                ? Messages.get("attention.first.hidden", token, share, last, Ticks.format(pattern.rest()))
                : Messages.get("attention.first.shown", token, share, last);
    }

    static String conditions(@Nullable HeadMask mask, boolean masked) {
        if (mask == null || mask.isEmpty()) {
            return Messages.get("attention.noMask");
        }
        String parts = Integer.toString(mask.size());
        return masked
                ? Messages.get("attention.underMask", parts, mask.modeLabel())
                : Messages.get("attention.withoutMask", parts);
    }

    /** What the colours of all heads mean. */
    static String range(ValueRange range, boolean hidden) {
        return hidden
                ? Messages.get("attention.range.hidden", Ticks.format(range.high()))
                : Messages.get("attention.range");
    }
}
