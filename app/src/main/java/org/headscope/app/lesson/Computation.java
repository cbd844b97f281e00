package org.headscope.app.lesson;

import java.util.Map;

/**
 * An analysis that a step runs.
 *
 * @param analysis its id
 * @param parameters as a command line would give them, by flag
 */
public record Computation(String analysis, Map<String, String> parameters) {
    /** Copies the parameters. */
    public Computation {
        parameters = Map.copyOf(parameters);
    }
}
