package org.headscope.hooks.site;

import org.headscope.hooks.HeadscopeException;

/** A hook site that does not exist, in general or in the model at hand. */
public class UnknownSiteException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which site, and which exist instead */
    public UnknownSiteException(String message) {
        super(message);
    }
}
