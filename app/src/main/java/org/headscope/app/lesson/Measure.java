package org.headscope.app.lesson;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A number that is computed when it is asked for. */
public sealed interface Measure {

    /**
     * A cell of a grid.
     *
     * @param computation what computes it, null for the analysis of the step
     * @param panel the title of the grid
     * @param at an index per axis
     */
    record Cell(@Nullable Computation computation, String panel, List<Integer> at) implements Measure {
        /** Copies the indices. */
        public Cell {
            at = List.copyOf(at);
        }
    }

    /**
     * An entry of a table.
     *
     * @param computation what computes it, null for the analysis of the step
     * @param panel the title of the table
     * @param row what stands in the first column of its row
     * @param column the name of its column
     */
    record Entry(@Nullable Computation computation, String panel, String row, String column) implements Measure {}

    /**
     * A number for a whole grid.
     *
     * @param computation what computes it, null for the analysis of the step
     * @param panel the title of the grid
     * @param summary which number
     */
    record Whole(@Nullable Computation computation, String panel, Summary summary) implements Measure {}

    /**
     * How likely a token is next.
     *
     * @param token the token, as text or {@code ids:N}
     * @param prompt what the model reads, null for the prompt of the step
     * @param mask heads that are masked, as {@code layer.head}
     */
    record Probability(String token, @Nullable String prompt, List<String> mask) implements Measure {
        /** Copies the mask. */
        public Probability {
            mask = List.copyOf(mask);
        }
    }

    /**
     * A number to compare with.
     *
     * @param value the number
     */
    record Constant(double value) implements Measure {}

    /** What becomes of all numbers of a grid. */
    enum Summary {
        LARGEST,
        SMALLEST,
        MEAN
    }
}
