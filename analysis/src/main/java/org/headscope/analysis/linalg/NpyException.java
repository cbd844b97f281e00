package org.headscope.analysis.linalg;

import org.headscope.hooks.HeadscopeException;

/** A file that is not a NumPy array this program can read. */
public final class NpyException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which file, what is wrong with it, and what would be right */
    public NpyException(String message) {
        super(message);
    }

    /**
     * @param message which file, what is wrong with it, and what would be right
     * @param cause the underlying failure
     */
    public NpyException(String message, Throwable cause) {
        super(message, cause);
    }
}
