package org.headscope.hooks.run;

import org.headscope.hooks.HeadscopeException;

/** A hook or an intervention that was attached but never acted: the result of such a run would be silently wrong. */
public class NeverFiredException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which ones, and where they were attached */
    public NeverFiredException(String message) {
        super(message);
    }
}
