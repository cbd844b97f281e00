package org.headscope.hooks.family;

import java.util.List;
import org.headscope.hooks.config.ConfigException;

/** A checkpoint whose {@code model_type} no family adapter reads. */
public class UnknownArchitectureException extends ConfigException {
    private static final long serialVersionUID = 1L;

    /**
     * @param modelType the unknown {@code model_type}
     * @param known all that can be opened
     */
    public UnknownArchitectureException(String modelType, List<String> known) {
        super("config.json: architecture '" + modelType + "' is not supported. Supported: " + String.join(", ", known)
                + ".");
    }
}
