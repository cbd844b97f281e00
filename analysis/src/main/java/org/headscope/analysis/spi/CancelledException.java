package org.headscope.analysis.spi;

import org.headscope.hooks.HeadscopeException;

/** Thrown out of an analysis because it was asked to stop; what it had found so far was already handed on. */
public final class CancelledException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** Says that the run was stopped on request. */
    public CancelledException() {
        super("Stopped on request.");
    }
}
