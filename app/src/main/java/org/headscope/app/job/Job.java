package org.headscope.app.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.headscope.hooks.HeadscopeException;
import org.slf4j.LoggerFactory;

/**
 * One piece of background work with a title, progress, a message and a way to stop it. A job runs once, on a
 * {@link JobRunner}; its callbacks arrive through the runner's notifier, which is the window's thread in the window and
 * the working thread on the command line. A job cancelled before its result was delivered delivers none.
 *
 * @param <T> the result
 */
public final class Job<T> {
    /** Progress that cannot be told. */
    public static final double UNKNOWN = -1;

    private final String title;
    private final JobBody<? extends T> body;
    private final CancelToken token = new CancelToken();
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final AtomicBoolean changePending = new AtomicBoolean();
    private final JobClock clock = new JobClock();
    private final JobCallbacks<T> callbacks = new JobCallbacks<>();
    private final List<Consumer<? super Job<?>>> changeListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> endHooks = new CopyOnWriteArrayList<>();
    private volatile Executor notifier = Runnable::run;
    private volatile Consumer<JobFailure> failureSink = failure -> {};
    private volatile JobState state = JobState.QUEUED;
    private volatile double progress = UNKNOWN;
    private volatile String message = "";

    private Job(String title, JobBody<? extends T> body) {
        this.title = title;
        this.body = body;
    }

    /**
     * Describes work without starting it.
     *
     * @param title what it does, for people
     * @param body the work
     * @param <T> the result
     * @return a job to give to a {@link JobRunner}
     */
    public static <T> Job<T> of(String title, JobBody<? extends T> body) {
        return new Job<>(title, body);
    }

    /** @param action what to do with the result, unless the job is cancelled first */
    public Job<T> whenDone(Consumer<? super T> action) {
        callbacks.done.add(action);
        return this;
    }

    /** @param action what to do with a failure; without one, failures go to the runner's failure sink */
    public Job<T> whenFailed(Consumer<? super Throwable> action) {
        callbacks.failed.add(action);
        return this;
    }

    /** @param action what to do when the job ends by being stopped */
    public Job<T> whenCancelled(Runnable action) {
        callbacks.cancelled.add(action);
        return this;
    }

    /** @param action told after state, progress or message changed; bursts are collapsed into one call */
    public Job<T> whenChanged(Consumer<? super Job<?>> action) {
        changeListeners.add(action);
        return this;
    }

    /** Asks the job to stop. A queued job ends at once, a running one at its next step. */
    public void cancel() {
        token.cancel();
        if (claimed.compareAndSet(false, true)) {
            finishCancelled();
        }
    }

    /**
     * Waits for the end; never call it on the window's thread.
     *
     * @return the result
     * @throws JobCancelledException when the job was stopped
     * @throws HeadscopeException the failure itself, or one that wraps a checked failure
     */
    public T await() {
        try {
            return outcome.join();
        } catch (CancellationException e) {
            throw new JobCancelledException(title);
        } catch (CompletionException e) {
            throw JobFailure.rethrowable(title, e.getCause() == null ? e : e.getCause());
        }
    }

    public String title() {
        return title;
    }

    public JobState state() {
        return state;
    }

    /** @return share of the work done, 0 to 1, or {@link #UNKNOWN} */
    public double progress() {
        return progress;
    }

    public String message() {
        return message;
    }

    public CancelToken token() {
        return token;
    }

    /** @return how long the job has been running, zero before it starts */
    public Duration elapsed() {
        return clock.elapsed();
    }

    /** @return a guess of the time left from the progress so far, when there is enough of it to guess from */
    public Optional<Duration> remaining() {
        return state == JobState.RUNNING ? clock.remaining(progress) : Optional.empty();
    }

    /** Ties the job to the runner that will run it. */
    void bind(Executor newNotifier, Consumer<JobFailure> newFailureSink) {
        notifier = newNotifier;
        failureSink = newFailureSink;
    }

    /** Runs an action on whichever thread ends the job, before anybody learns of the end; twice if it just ends. */
    void onEnd(Runnable action) {
        endHooks.add(action);
        if (state.isFinal()) {
            action.run();
        }
    }

    /** Runs the body on the calling thread, unless the job was already cancelled or run. */
    void execute() {
        if (!claimed.compareAndSet(false, true)) {
            return;
        }
        clock.start();
        state = JobState.RUNNING;
        announce();
        T result;
        try {
            result = body.run(new Context());
        } catch (JobCancelledException | CancellationException e) {
            finishCancelled();
            return;
        } catch (Throwable e) { // an Error, such as a missing native library, must reach the user too
            finishFailed(e);
            return;
        }
        finish(result);
    }

    private void finish(T result) {
        if (token.isCancelled()) {
            discard(result);
            finishCancelled();
            return;
        }
        end(JobState.DONE);
        outcome.complete(result);
        notifier.execute(() -> deliver(result));
    }

    /** The last look at the token happens where the result lands, so a late cancel still wins. */
    private void deliver(T result) {
        if (token.isCancelled()) {
            discard(result);
            callbacks.fireCancelled();
        } else {
            callbacks.done.forEach(action -> action.accept(result));
        }
    }

    private void finishFailed(Throwable failure) {
        if (token.isCancelled()) {
            LoggerFactory.getLogger(Job.class).debug("{} failed after it was stopped", title, failure);
            finishCancelled();
            return;
        }
        end(JobState.FAILED);
        outcome.completeExceptionally(failure);
        notifier.execute(() -> {
            if (callbacks.failed.isEmpty()) {
                failureSink.accept(new JobFailure(title, failure));
            }
            callbacks.failed.forEach(action -> action.accept(failure));
        });
    }

    private void finishCancelled() {
        end(JobState.CANCELLED);
        outcome.cancel(false);
        notifier.execute(callbacks::fireCancelled);
    }

    private void end(JobState last) {
        clock.stop();
        state = last;
        endHooks.forEach(Runnable::run);
        announce();
    }

    private void announce() {
        if (changePending.compareAndSet(false, true)) {
            notifier.execute(() -> {
                changePending.set(false);
                changeListeners.forEach(listener -> listener.accept(this));
            });
        }
    }

    private static void discard(Object result) {
        if (result instanceof AutoCloseable resource) {
            try {
                resource.close();
            } catch (Exception e) {
                LoggerFactory.getLogger(Job.class).warn("An unwanted result could not be closed", e);
            }
        }
    }

    private final class Context implements JobContext {
        @Override
        public void progress(double fraction) {
            progress = fraction < 0 || Double.isNaN(fraction) ? UNKNOWN : Math.min(1, fraction);
            announce();
        }

        @Override
        public void message(String text) {
            message = text;
            announce();
        }

        @Override
        public void deliver(Runnable action) {
            notifier.execute(() -> {
                if (!token.isCancelled()) {
                    action.run();
                }
            });
        }

        @Override
        public CancelToken token() {
            return token;
        }

        @Override
        public void checkCancelled() {
            if (token.isCancelled()) {
                throw new JobCancelledException(title);
            }
        }
    }
}
