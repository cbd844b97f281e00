package org.headscope.hooks.sweep;

import org.headscope.hooks.HeadscopeException;

/** A sweep that was asked to stop. Cells reported until then are valid. */
public class SweepCancelledException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** Says so. */
    public SweepCancelledException() {
        super("The sweep was cancelled; cells that were already reported are valid.");
    }
}
