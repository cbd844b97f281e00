package org.headscope.app.job;

import org.headscope.hooks.HeadscopeException;

/**
 * A job that ended badly and had nobody to tell.
 *
 * @param title the job's title
 * @param cause what happened
 */
public record JobFailure(String title, Throwable cause) {

    /** Unchecked failures keep their type, so that callers can catch what the body really threw. */
    static RuntimeException rethrowable(String title, Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new HeadscopeException(title + " failed: " + cause.getMessage() + ". The log has the details.", cause);
    }
}
