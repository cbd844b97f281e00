package org.headscope.analysis.mask;

import org.headscope.hooks.HeadscopeException;

/** A mask that names parts the model does not have, or masks that cannot be combined. */
public final class MaskException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which part or masks, what is wrong, and what would be right */
    public MaskException(String message) {
        super(message);
    }
}
