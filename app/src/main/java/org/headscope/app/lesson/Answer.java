package org.headscope.app.lesson;

import java.util.List;
import org.headscope.analysis.mask.HeadMask;

/** What someone answered. */
public sealed interface Answer {
    /** @param at an index per axis of the grid */
    record Cell(List<Integer> at) implements Answer {
        /** Copies the indices. */
        public Cell {
            at = List.copyOf(at);
        }
    }

    /** @param mask what is masked */
    record Mask(HeadMask mask) implements Answer {}

    /** @param value what was typed */
    record Value(double value) implements Answer {}

    /** @param option its place among the options, counted from 0 */
    record Option(int option) implements Answer {}
}
