package org.headscope.hooks.tokens;

import org.headscope.hooks.HeadscopeException;

/** A tokenizer that cannot be read, or a text or id that it cannot take. */
public class TokenizerException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was wrong, where, and what to do about it */
    public TokenizerException(String message) {
        super(message);
    }

    /**
     * @param message what was wrong, where, and what to do about it
     * @param cause the underlying failure
     */
    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
