package org.headscope.app.lesson;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One page of a lesson: words, and a live part beside them.
 *
 * @param text paragraphs, with {@code **bold**} and {@code `code`}
 * @param prompt what the model reads, null for none
 * @param mask heads that are masked when the step begins, as {@code layer.head}
 * @param head the head that is looked at, null for whichever is
 * @param show what the live part consists of
 * @param computation what is computed, null for nothing
 * @param panels titles of the panels that are shown; empty for all
 * @param question what is asked, null for nothing
 */
public record Step(
        List<String> text,
        @Nullable String prompt,
        List<String> mask,
        @Nullable String head,
        Set<Show> show,
        @Nullable Computation computation,
        List<String> panels,
        @Nullable Question question) {
    /** Copies the lists. */
    public Step {
        text = List.copyOf(text);
        mask = List.copyOf(mask);
        show = Set.copyOf(show);
        panels = List.copyOf(panels);
    }

    /** A live part. */
    public enum Show {
        /** The head grid, in which heads are masked. */
        HEADS,
        /** The next token, without and with the mask. */
        PREDICTIONS,
        /** Where the head looks that is looked at. */
        ATTENTION,
        /** Panels of an analysis. */
        ANALYSIS
    }
}
