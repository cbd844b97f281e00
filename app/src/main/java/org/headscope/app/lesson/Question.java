package org.headscope.app.lesson;

import java.util.List;

/** A task whose answer is checked by computing it. */
public sealed interface Question {
    /** {@return what to do and what to say about it} */
    Wording wording();

    /**
     * The words around a question.
     *
     * @param ask what to do
     * @param hint what helps after a wrong answer
     * @param then what there is to learn from the right one; empty for nothing
     */
    record Wording(String ask, String hint, String then) {}

    /**
     * Choose the cell of a grid with the largest, or the smallest, number.
     *
     * @param wording the words
     * @param panel the title of the grid
     * @param largest whether the largest is wanted, else the smallest
     * @param within how far an answer may be from it, as a share of it
     */
    record Extreme(Wording wording, String panel, boolean largest, double within) implements Question {}

    /**
     * Mask heads until the likeliest next token is, or is not, a certain one.
     *
     * @param wording the words
     * @param token the token, as text or {@code ids:N}
     * @param wanted whether it is wanted, else it is to go away
     * @param least how many heads must be masked at least
     * @param most how many heads may be masked at most
     * @param solution heads that do it
     */
    record Masking(Wording wording, String token, boolean wanted, int least, int most, List<String> solution)
            implements Question {
        /** Copies the solution. */
        public Masking {
            solution = List.copyOf(solution);
        }
    }

    /**
     * Read or guess a number.
     *
     * @param wording the words
     * @param of the number
     * @param tolerance how far off an answer may be
     */
    record Number(Wording wording, Measure of, double tolerance) implements Question {}

    /**
     * Choose one of several; the right one is that with the largest, or the smallest, number.
     *
     * @param wording the words
     * @param largest whether the largest is right, else the smallest
     * @param options at least two
     */
    record Choice(Wording wording, boolean largest, List<Option> options) implements Question {
        /** Copies the options. */
        public Choice {
            options = List.copyOf(options);
        }
    }

    /**
     * One of several.
     *
     * @param text what it says
     * @param value the number that decides
     */
    record Option(String text, Measure value) {}
}
