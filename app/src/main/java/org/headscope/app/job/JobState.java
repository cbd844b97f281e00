package org.headscope.app.job;

/** Where a job is in its life; the last three are final. */
public enum JobState {
    QUEUED,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED;

    /** @return whether nothing more will happen to the job */
    public boolean isFinal() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }
}
