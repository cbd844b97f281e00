package org.headscope.hooks;

/** Root of all errors that Headscope raises on purpose: the message says what was wrong, where, and what to do. */
public class HeadscopeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was wrong, where, and what to do about it */
    public HeadscopeException(String message) {
        super(message);
    }

    /**
     * @param message what was wrong, where, and what to do about it
     * @param cause the underlying failure
     */
    public HeadscopeException(String message, Throwable cause) {
        super(message, cause);
    }
}
