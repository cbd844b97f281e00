package org.headscope.analysis.linalg;

import org.headscope.hooks.HeadscopeException;

/** Matrices that do not fit together, hold NaN, or that a decomposition does not converge on. */
public final class LinalgException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which operation, what is wrong with its input, and what would be right */
    public LinalgException(String message) {
        super(message);
    }
}
