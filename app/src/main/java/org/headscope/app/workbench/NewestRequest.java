package org.headscope.app.workbench;

import java.util.function.Consumer;
import java.util.function.Function;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobRunner;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions that come faster than answers, as from a slider: one is worked on, of those that come meanwhile only
 * the newest is kept. Other than with {@link org.headscope.app.job.LatestJob}, what was worked on is shown too, so that a
 * slow model still moves while the slider does.
 *
 * @param <A> what is asked
 * @param <R> what is answered
 */
public final class NewestRequest<A, R> {
    private final JobRunner jobs;
    private final String title;
    private final Function<A, R> work;
    private final Consumer<R> show;
    private final Consumer<Throwable> failed;
    private @Nullable A waiting;
    private boolean working;

    /**
     * @param jobs where the work is done
     * @param title what it is called
     * @param work answers a question on a background thread
     * @param show gets every answer
     * @param failed gets every failure
     */
    public NewestRequest(
            JobRunner jobs, String title, Function<A, R> work, Consumer<R> show, Consumer<Throwable> failed) {
        this.jobs = jobs;
        this.title = title;
        this.work = work;
        this.show = show;
        this.failed = failed;
    }

    /** Asks; replaces a question that still waits. */
    public synchronized void ask(A question) {
        waiting = question;
        if (!working) {
            start();
        }
    }

    private void start() {
        A question = waiting;
        waiting = null;
        if (question != null) {
            working = true;
            jobs.submit(Job.<R>of(title, context -> work.apply(question))
                    .whenDone(answer -> {
                        show.accept(answer);
                        ended();
                    })
                    .whenFailed(failure -> {
                        failed.accept(failure);
                        ended();
                    })
                    .whenCancelled(this::ended));
        }
    }

    private synchronized void ended() {
        working = false;
        start();
    }
}
