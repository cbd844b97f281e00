package org.headscope.app.workbench;

import java.time.Duration;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobRunner;
import org.headscope.app.job.LatestJob;

/** Work of a view that a {@link RunBar} follows and stops; what is asked last takes the place of what goes on. */
public abstract class BackgroundRun {
    private static final String RUN = "run";

    private final LatestJob latest;
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running");
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", Job.UNKNOWN);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper(this, "message", "");
    private final ReadOnlyStringWrapper command = new ReadOnlyStringWrapper(this, "command", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    /** @param jobs runs the work */
    protected BackgroundRun(JobRunner jobs) {
        this.latest = new LatestJob(jobs);
    }

    public final ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /** Share done, negative when unknown. */
    public final ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** What is being done just now, for people. */
    public final ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    /** The commands that do the same without the window, one a line; empty before anything was asked. */
    public final ReadOnlyStringProperty commandProperty() {
        return command.getReadOnlyProperty();
    }

    /** What went wrong last, empty when nothing did. */
    public final ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Stops; what was found so far stays in sight. */
    public final void cancel() {
        latest.cancel(RUN);
        running.set(false);
    }

    /** Stops and forgets, as when another model comes. */
    public void clear() {
        cancel();
        error.set("");
        command.set("");
    }

    /** @param lines what does the same without the window */
    protected final void tellCommand(String lines) {
        command.set(lines);
    }

    /** @param words what is wrong; empty when nothing is */
    protected final void tellError(String words) {
        error.set(words);
    }

    /**
     * Starts.
     *
     * @param pause how long to wait for something newer first
     * @param job the work
     * @param done gets what it found
     */
    protected final <T> void submit(Duration pause, Job<T> job, Consumer<T> done) {
        message.set("");
        progress.set(Job.UNKNOWN);
        running.set(true);
        latest.submit(
                RUN,
                pause,
                job.whenChanged(now -> {
                            progress.set(now.progress());
                            message.set(now.message());
                        })
                        .whenDone(found -> {
                            running.set(false);
                            done.accept(found);
                        })
                        .whenFailed(failure -> {
                            running.set(false);
                            tellError(FailureText.of(failure).message());
                        }));
    }
}
