package org.headscope.app.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets only the newest request of a name live: what a slider needs. A newer request cancels the older one of the same
 * name, and the older one's result is dropped even when it was already computed but not yet delivered.
 */
public final class LatestJob {
    private final JobRunner runner;
    private final Map<String, Job<?>> newest = new HashMap<>();

    public LatestJob(JobRunner runner) {
        this.runner = runner;
    }

    /**
     * Starts a job as soon as a thread is free, replacing the one of that name.
     *
     * @param name what is being asked, the same for every newer request of the kind
     * @param job the new request
     * @param <T> its result
     * @return the same job
     */
    public <T> Job<T> submit(String name, Job<T> job) {
        return submit(name, Duration.ZERO, job);
    }

    /**
     * Starts a job once no newer one of that name came within the pause.
     *
     * @param name what is being asked
     * @param pause how long to wait for a newer request
     * @param job the new request
     * @param <T> its result
     * @return the same job
     */
    public synchronized <T> Job<T> submit(String name, Duration pause, Job<T> job) {
        cancel(name);
        newest.put(name, job);
        return runner.submitAfter(pause, job);
    }

    /** @param name the request to stop, if there is one */
    public synchronized void cancel(String name) {
        Job<?> older = newest.remove(name);
        if (older != null) {
            older.cancel();
        }
    }

    /** Stops every request, for a view that closes. */
    public synchronized void cancelAll() {
        newest.values().forEach(Job::cancel);
        newest.clear();
    }
}
