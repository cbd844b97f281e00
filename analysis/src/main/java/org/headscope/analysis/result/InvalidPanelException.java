package org.headscope.analysis.result;

import org.headscope.hooks.HeadscopeException;

/** A panel whose parts do not fit together, such as a value count that is not the product of its axes. */
public final class InvalidPanelException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which panel or grid, what does not fit, and what would */
    public InvalidPanelException(String message) {
        super(message);
    }
}
