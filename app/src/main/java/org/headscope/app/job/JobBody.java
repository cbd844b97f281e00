package org.headscope.app.job;

/**
 * The work of a job.
 *
 * @param <T> what it produces
 */
@FunctionalInterface
public interface JobBody<T> {
    /**
     * Does the work on a background thread.
     *
     * @param context where to report progress and ask whether to stop
     * @return the result; closed by the job when nobody wants it any more and it is {@link AutoCloseable}
     * @throws Exception any failure; {@link JobCancelledException} when it stopped on request
     */
    T run(JobContext context) throws Exception;
}
