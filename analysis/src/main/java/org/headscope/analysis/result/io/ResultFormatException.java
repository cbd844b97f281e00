package org.headscope.analysis.result.io;

import org.headscope.hooks.HeadscopeException;

/** A file or text that is not a result this version can read. */
public final class ResultFormatException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was read, what is wrong with it, and what would be right */
    public ResultFormatException(String message) {
        super(message);
    }

    /**
     * @param message what was read, what is wrong with it, and what would be right
     * @param cause the underlying failure
     */
    public ResultFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
