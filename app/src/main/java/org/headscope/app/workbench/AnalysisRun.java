package org.headscope.app.workbench;

import java.time.Duration;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.jspecify.annotations.Nullable;

/**
 * One analysis at a time, with panels that fill as it runs. What was found before stays until the first new number comes,
 * so that a run that is refused takes nothing away.
 */
public final class AnalysisRun extends BackgroundRun {
    private final Services services;
    private final ObservableList<Panel> panels = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Result> result = new ReadOnlyObjectWrapper<>(this, "result");
    private final ReadOnlyObjectWrapper<@Nullable AnalysisCall> call = new ReadOnlyObjectWrapper<>(this, "call");

    public AnalysisRun(Services services) {
        super(services.jobs());
        this.services = services;
    }

    /** What is known so far. */
    public ObservableList<Panel> panels() {
        return panels;
    }

    /** The complete result; null until there is one, and while a run goes on. */
    public ReadOnlyObjectProperty<@Nullable Result> resultProperty() {
        return result.getReadOnlyProperty();
    }

    /** The complete result as the origin of its panels; empty while there is none. */
    public List<Result> origins() {
        Result complete = result.get();
        return complete == null ? List.of() : List.of(complete);
    }

    /** What was asked last. */
    public ReadOnlyObjectProperty<@Nullable AnalysisCall> callProperty() {
        return call.getReadOnlyProperty();
    }

    /** Starts a run in place of one that goes on. */
    public void start(AnalysisCall asked) {
        call.set(asked);
        tellCommand(asked.commandLine());
        tellError("");
        submit(
                Duration.ZERO,
                Job.<Result>of(
                        asked.analysis().info().name(),
                        context -> asked.run(services.recorder(), new JobProgress(context, this::show))),
                this::finish);
    }

    /** Forgets everything, as when another model comes. */
    @Override
    public void clear() {
        super.clear();
        panels.clear();
        result.set(null);
        call.set(null);
    }

    /** Says why a run cannot even start. */
    public void refuse(Throwable failure) {
        tellError(FailureText.of(failure).message());
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
        panels.setAll(done.panels());
        result.set(done);
        services.receipts().show(done.receipts());
    }
}
