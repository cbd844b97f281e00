package org.headscope.app.lesson;

import java.util.List;

/**
 * A short guided tour on one model.
 *
 * @param id the name of its file without ending; progress is kept under it
 * @param title what it is called
 * @param minutes how long it takes, about
 * @param about what one learns, in a sentence
 * @param model the shipped model it works on
 * @param steps in order, at least one
 */
public record Lesson(String id, String title, int minutes, String about, String model, List<Step> steps) {
    /** Copies the steps. */
    public Lesson {
        steps = List.copyOf(steps);
    }

    /** {@return how many of its steps ask something} */
    public int questions() {
        return (int) steps.stream().filter(step -> step.question() != null).count();
    }
}
