package org.headscope.app.lesson;

import org.headscope.hooks.HeadscopeException;

/** A lesson file that cannot be used; the message names the file, the place in it, and what is allowed there. */
public final class LessonException extends HeadscopeException {
    private static final long serialVersionUID = 1;

    /** @param message file, place, what is wrong, what to do */
    public LessonException(String message) {
        super(message);
    }

    /**
     * @param message file, place, what is wrong, what to do
     * @param cause what was thrown
     */
    public LessonException(String message, Throwable cause) {
        super(message, cause);
    }
}
