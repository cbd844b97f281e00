package org.headscope.analysis.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What the bundled model has to reach on held-out examples before it is shipped. */
public final class Goals {
    private static final double LOOKED_UP = 0.95;
    private static final double WORKED_OUT = 0.9;
    private static final Map<String, Double> ACCURACY = accuracy();

    private Goals() {}

    private static Map<String, Double> accuracy() {
        Map<String, Double> goals = new HashMap<>();
        List.of("repeat", "phrase", "ioi", "capital", "language", "key-value", "needle")
                .forEach(task -> goals.put(task, LOOKED_UP));
        List.of("conflict", "addition", "subtraction", "greater-than", "multiple-choice", "agreement")
                .forEach(task -> goals.put(task, WORKED_OUT));
        return Map.copyOf(goals);
    }

    /**
     * The goal of a task.
     *
     * @param task its id
     * @return the least accuracy, 0 to 1; empty for tasks without a goal
     */
    public static OptionalDouble of(String task) {
        Double goal = ACCURACY.get(task);
        return goal == null ? OptionalDouble.empty() : OptionalDouble.of(goal);
    }
}
