package org.headscope.app.job;

import org.headscope.hooks.HeadscopeException;

/** Leaves the body of a job that was asked to stop; not a failure. */
public final class JobCancelledException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    public JobCancelledException(String title) {
        super("Stopped: " + title + ". Nothing was kept of this run; start it again when you want it.");
    }
}
