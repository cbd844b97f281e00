package org.headscope.analysis.spi;

import org.headscope.hooks.HeadscopeException;

/** An analysis that is declared wrongly; a mistake of its author, found when it is registered. */
public final class DeclarationException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which class, what is wrong with it, and how to declare it */
    public DeclarationException(String message) {
        super(message);
    }

    /**
     * @param message which class, what is wrong with it, and how to declare it
     * @param cause the underlying failure
     */
    public DeclarationException(String message, Throwable cause) {
        super(message, cause);
    }
}
