package org.headscope.analysis.store;

import java.util.Locale;

/** Where a run stands. */
public enum RunStatus {
    /** Waiting for its turn. */
    QUEUED,
    /** Being computed. */
    RUNNING,
    /** Finished with a result. */
    DONE,
    /** Ended with an error. */
    FAILED,
    /** Stopped on request. */
    CANCELLED,
    /** Left unfinished when its process ended; can go on after its last stored batch. */
    INTERRUPTED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
