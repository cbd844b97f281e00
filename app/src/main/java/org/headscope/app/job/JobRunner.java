package org.headscope.app.job;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.headscope.hooks.HeadscopeException;

/**
 * Runs jobs on a bounded set of named daemon threads. The window gives it {@link FxExecutor} as notifier, the command
 * line {@code Runnable::run}.
 */
public final class JobRunner implements AutoCloseable {
    private static final int QUEUE_LIMIT = 256;
    private final Executor notifier;
    private final Consumer<JobFailure> failureSink;
    private final ThreadPoolExecutor workers;
    private final ScheduledExecutorService timer;
    private final List<Job<?>> active = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super List<Job<?>>>> listeners = new CopyOnWriteArrayList<>();

    /**
     * Starts no thread until the first job comes.
     *
     * @param threads how many jobs may run at the same time
     * @param notifier where callbacks run; keeps the order in which they are handed in
     * @param failureSink hears of failures that no job callback handles
     */
    public JobRunner(int threads, Executor notifier, Consumer<JobFailure> failureSink) {
        this.notifier = notifier;
        this.failureSink = failureSink;
        workers = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_LIMIT), named("headscope-job-"));
        workers.allowCoreThreadTimeOut(true);
        timer = Executors.newSingleThreadScheduledExecutor(named("headscope-timer-"));
    }

    /**
     * A runner whose callbacks run on the working threads.
     *
     * @param threads how many jobs may run at the same time
     */
    public static JobRunner headless(int threads) {
        return new JobRunner(threads, Runnable::run, failure -> {});
    }

    /**
     * Queues a job.
     *
     * @param job a job that was not submitted before
     * @param <T> its result
     * @return the same job
     * @throws HeadscopeException when far too much work is waiting already
     */
    public <T> Job<T> submit(Job<T> job) {
        register(job);
        enqueue(job);
        return job;
    }

    /**
     * Queues a job after a pause; cancelled within the pause it never starts.
     *
     * @param delay how long to wait
     * @param job a job that was not submitted before
     * @param <T> its result
     * @return the same job
     */
    public <T> Job<T> submitAfter(Duration delay, Job<T> job) {
        if (delay.isZero()) {
            return submit(job);
        }
        job.bind(notifier, failureSink);
        var unused = timer.schedule(
                () -> {
                    if (!job.state().isFinal()) {
                        submit(job);
                    }
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
        return job;
    }

    /** @return jobs queued or running, oldest first */
    public List<Job<?>> active() {
        return List.copyOf(active);
    }

    /** @param listener told, through the notifier, the active jobs after one came or went */
    public void whenActiveChanged(Consumer<? super List<Job<?>>> listener) {
        listeners.add(listener);
    }

    /** Asks every job to stop, the newest first so that no waiting one starts in the place of one that ended. */
    public void cancelAll() {
        List<Job<?>> jobs = active();
        for (int i = jobs.size() - 1; i >= 0; i--) {
            jobs.get(i).cancel();
        }
    }

    /** Cancels everything and lets the threads end; does not wait for them. */
    @Override
    public void close() {
        timer.shutdownNow();
        cancelAll();
        workers.shutdown();
    }

    private void register(Job<?> job) {
        job.bind(notifier, failureSink);
        active.add(job);
        announce();
        job.onEnd(() -> {
            active.remove(job);
            announce();
        });
    }

    private void enqueue(Job<?> job) {
        try {
            workers.execute(job::execute);
        } catch (RejectedExecutionException e) {
            job.cancel();
            throw new HeadscopeException(
                    "Cannot start \"" + job.title() + "\": "
                            + workers.getQueue().size()
                            + " jobs are waiting already, or Headscope is closing. Stop some of them and try again.",
                    e);
        }
    }

    private void announce() {
        notifier.execute(() -> {
            List<Job<?>> now = active();
            listeners.forEach(listener -> listener.accept(now));
        });
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger next = new AtomicInteger(1);
        return task -> {
            Thread thread = new Thread(task, prefix + next.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }
}
