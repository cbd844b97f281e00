package org.headscope.app.workbench;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.LatestJob;
import org.jspecify.annotations.Nullable;

/**
 * One analysis at a time, with panels that fill as it runs. What was found before stays until the first new number comes,
 * so that a run that is refused takes nothing away.
 */
public final class AnalysisRun implements BackgroundRun {
    private static final String RUN = "run";

    private final Services services;
    private final LatestJob latest;
    private final ObservableList<Panel> panels = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Result> result = new ReadOnlyObjectWrapper<>(this, "result");
    private final ReadOnlyObjectWrapper<@Nullable AnalysisCall> call = new ReadOnlyObjectWrapper<>(this, "call");
    private final ReadOnlyStringWrapper command = new ReadOnlyStringWrapper(this, "command", "");
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(this, "running");
    private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", Job.UNKNOWN);
    private final ReadOnlyStringWrapper message = new ReadOnlyStringWrapper(this, "message", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    public AnalysisRun(Services services) {
        this.services = services;
        this.latest = new LatestJob(services.jobs());
    }

    /** What is known so far. */
    public ObservableList<Panel> panels() {
        return panels;
    }

    /** The complete result; null until there is one, and while a run goes on. */
    public ReadOnlyObjectProperty<@Nullable Result> resultProperty() {
        return result.getReadOnlyProperty();
    }

    /** What was asked last. */
    public ReadOnlyObjectProperty<@Nullable AnalysisCall> callProperty() {
        return call.getReadOnlyProperty();
    }

    @Override
    public ReadOnlyStringProperty commandProperty() {
        return command.getReadOnlyProperty();
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

    /** Why the last run failed, empty when it did not. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Starts a run in place of one that goes on. */
    public void start(AnalysisCall asked) {
        begin(asked);
        latest.submit(
                RUN,
                Job.<Result>of(
                                asked.analysis().info().name(),
                                context -> asked.run(services.recorder(), new JobProgress(context, this::show)))
                        .whenChanged(job -> {
                            progress.set(job.progress());
                            message.set(job.message());
                        })
                        .whenDone(this::finish)
                        .whenFailed(failure -> {
                            running.set(false);
                            error.set(FailureText.of(failure).message());
                        }));
    }

    @Override
    public void cancel() {
        latest.cancel(RUN);
        running.set(false);
    }

    /** Forgets everything, as when another model comes. */
    public void clear() {
        cancel();
        panels.clear();
        result.set(null);
        call.set(null);
        command.set("");
        error.set("");
    }

    /** Says why a run cannot even start. */
    public void refuse(Throwable failure) {
        error.set(FailureText.of(failure).message());
    }

    private void begin(AnalysisCall asked) {
        call.set(asked);
        command.set(asked.commandLine());
        error.set("");
        message.set("");
        progress.set(Job.UNKNOWN);
        running.set(true);
    }

    private void show(Panel panel) {
        result.set(null);
        for (int i = 0; i < panels.size(); i++) {
            if (panels.get(i).title().equals(panel.title())) {
                panels.set(i, panel);
                return;
            }
        }
        panels.add(panel);
    }

    private void finish(Result done) {
        running.set(false);
        panels.setAll(done.panels());
        result.set(done);
        services.receipts().show(done.receipts());
    }
}
