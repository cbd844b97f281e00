package org.headscope.analysis.mask.io;

import org.headscope.hooks.HeadscopeException;

/** A file that is not a mask, contradicts itself, or belongs to another model. */
public final class MaskFormatException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which file, what is wrong with it, and what would be right */
    public MaskFormatException(String message) {
        super(message);
    }

    /**
     * @param message which file, what is wrong with it, and what would be right
     * @param cause the underlying failure
     */
    public MaskFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
