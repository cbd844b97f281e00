package org.headscope.app.attributeview;

import java.time.Duration;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.BackgroundRun;
import org.headscope.app.workbench.Services;

/** Answers the newest question; one that was asked by hand is kept in the history, those of a prompt being typed are not. */
final class AttributionRun implements BackgroundRun {
    private static final String RUN = "run";
    private static final Duration TYPING_PAUSE = Duration.ofMillis(150);

    private final Services services;
    private final Attributor attributor;
    private final LatestJob latest;
    private final Consumer<Attribution> show;
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running");
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", Job.UNKNOWN);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper(this, "message", "");
    private final ReadOnlyStringWrapper command = new ReadOnlyStringWrapper(this, "command", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private double millis;

    private record Timed(Attribution found, double millis) {}

    AttributionRun(Services services, Consumer<Attribution> show) {
        this.services = services;
        this.attributor = new Attributor(services.analyses());
        this.latest = new LatestJob(services.jobs());
        this.show = show;
    }

    @Override
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyDoubleProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyStringProperty commandProperty() {
        return command.getReadOnlyProperty();
    }

    /** Why the last question has no answer, empty when it has. */
    ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** How long the last answer took, 0 before the first on a model. */
    double millis() {
        return millis;
    }

    /** Answers in place of an older question and keeps the runs. */
    void start(Question question) {
        submit(question, services.recorder(), Duration.ZERO);
    }

    /** Answers once nothing newer came for a moment; keeps nothing. */
    void follow(Question question) {
        submit(question, HistoryRecorder.off(), TYPING_PAUSE);
    }

    private void submit(Question question, HistoryRecorder recorder, Duration pause) {
        running.set(true);
        progress.set(Job.UNKNOWN);
        latest.submit(
                RUN,
                pause,
                Job.<Timed>of(Messages.get("attribute.running"), context -> {
                            long start = System.nanoTime();
                            Attribution found =
                                    attributor.answer(question, recorder, new JobProgress(context, panel -> {}));
                            return new Timed(found, (System.nanoTime() - start) / 1e6);
                        })
                        .whenChanged(job -> {
                            progress.set(job.progress());
                            message.set(job.message());
                        })
                        .whenDone(this::take)
                        .whenFailed(failure -> {
                            running.set(false);
                            error.set(FailureText.of(failure).message());
                        }));
    }

    private void take(Timed done) {
        running.set(false);
        error.set("");
        millis = done.millis();
        command.set(attributor.commands(done.found()));
        show.accept(done.found());
    }

    @Override
    public void cancel() {
        latest.cancel(RUN);
        running.set(false);
    }

    /** Stops and forgets, as when another model comes. */
    void clear() {
        cancel();
        error.set("");
        command.set("");
        millis = 0;
    }
}
