package org.headscope.app.job;

/** What the body of a job may tell and ask while it runs; safe from any thread. */
public interface JobContext {
    /** @param fraction share of the work done, 0 to 1; negative when unknown */
    void progress(double fraction);

    /**
     * Reports counted progress.
     *
     * @param done steps finished
     * @param total steps in all; nothing is known of the progress while this is 0
     */
    default void progress(long done, long total) {
        progress(total <= 0 ? Job.UNKNOWN : (double) done / total);
    }

    /** @param text what is being done just now, for people */
    void message(String text);

    /** @return the request to stop, for code that takes one */
    CancelToken token();

    /** @throws JobCancelledException when the job was asked to stop; call it between steps */
    void checkCancelled();
}
