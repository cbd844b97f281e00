package org.headscope.analysis.task;

import org.headscope.hooks.HeadscopeException;

/** A task cannot be made for a model; the message says which words are missing and what to do. */
public final class TaskException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is missing, and what to do */
    public TaskException(String message) {
        super(message);
    }
}
