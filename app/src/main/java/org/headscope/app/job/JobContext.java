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

    /**
     * Hands something on while the job runs, such as the cells that are ready; it runs where callbacks run, in the order
     * of the calls, and is dropped when the job was cancelled by then.
     *
     * @param action what to do with it
     */
    void deliver(Runnable action);

    /** @return the request to stop, for code that takes one */
    CancelToken token();

    /** @throws JobCancelledException when the job was asked to stop; call it between steps */
    void checkCancelled();
}
