package org.headscope.app.historyview;

import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.store.RunStatus;
import org.headscope.analysis.store.StoredRun;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.history.RunComparison;
import org.headscope.app.history.RunComparison.Side;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.CommandText;
import org.headscope.app.workbench.Services;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** The result of the selected run, or the comparison of two, read in the background. */
public final class ShownRuns {
    private static final String OPEN = "open";

    private final Services services;
    private final LatestJob latest;
    private final ObservableList<Panel> panels = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<@Nullable Result> result = new ReadOnlyObjectWrapper<>(this, "result");
    private final ReadOnlyObjectWrapper<@Nullable HistoryRow> single = new ReadOnlyObjectWrapper<>(this, "single");
    private final ReadOnlyObjectWrapper<@Nullable RunComparison> comparison =
            new ReadOnlyObjectWrapper<>(this, "comparison");
    private final ReadOnlyStringWrapper command = new ReadOnlyStringWrapper(this, "command", "");
    private final ReadOnlyStringWrapper remark = new ReadOnlyStringWrapper(this, "remark", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    ShownRuns(Services services) {
        this.services = services;
        this.latest = new LatestJob(services.jobs());
    }

    /** The result of the one selected run. */
    public ObservableList<Panel> panels() {
        return panels;
    }

    /** The complete result of the one selected run, null until it is read. */
    public ReadOnlyObjectProperty<@Nullable Result> resultProperty() {
        return result.getReadOnlyProperty();
    }

    /** The one selected run, null when there is none or several. */
    public ReadOnlyObjectProperty<@Nullable HistoryRow> singleProperty() {
        return single.getReadOnlyProperty();
    }

    /** The two selected runs side by side, null unless two are selected and read. */
    public ReadOnlyObjectProperty<@Nullable RunComparison> comparisonProperty() {
        return comparison.getReadOnlyProperty();
    }

    /** The command that does the same as the selected run; empty without one. */
    public ReadOnlyStringProperty commandProperty() {
        return command.getReadOnlyProperty();
    }

    /** What there is to say about the selected run besides its result. */
    public ReadOnlyStringProperty remarkProperty() {
        return remark.getReadOnlyProperty();
    }

    /** Why a result cannot be shown. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Shows one run, compares two, or says that there are too many. */
    public void select(List<HistoryRow> rows) {
        latest.cancel(OPEN);
        panels.clear();
        result.set(null);
        comparison.set(null);
        command.set("");
        remark.set("");
        error.set("");
        single.set(rows.size() == 1 ? rows.get(0) : null);
        if (rows.size() == 1) {
            open(rows.get(0).run());
        } else if (rows.size() == 2) {
            compare(rows.get(0).run(), rows.get(1).run());
        } else if (rows.size() > 2) {
            remark.set(Messages.get("history.tooMany", Integer.toString(rows.size())));
        }
    }

    /** Goes on with the rows of a list that was read again, when they are of the same runs. */
    void follow(List<HistoryRow> rows) {
        HistoryRow old = single.get();
        if (old != null
                && rows.size() == 1
                && rows.get(0).run().id() == old.run().id()) {
            rows.get(0).noteProperty().set(old.noteProperty().get());
            single.set(rows.get(0));
        }
    }

    private void open(StoredRun run) {
        try {
            command.set(CommandText.of(services, run.spec()));
        } catch (HeadscopeException e) {
            remark.set(Messages.get("history.noCommand", FailureText.of(e).message()));
        }
        if (run.hasResult()) {
            ask(store -> result(store, run), found -> {
                result.set(found);
                panels.setAll(found.panels());
            });
        } else {
            remark.set((remark.get() + " " + withoutResult(run)).strip());
        }
    }

    /** The older run is the first, whichever was clicked first. */
    private void compare(StoredRun one, StoredRun other) {
        StoredRun first = one.id() < other.id() ? one : other;
        StoredRun second = one.id() < other.id() ? other : one;
        ask(
                store -> RunComparison.of(
                        new Side(first, result(store, first)), new Side(second, result(store, second))),
                comparison::set);
    }

    private static Result result(WorkspaceStore store, StoredRun run) {
        try {
            return store.runs()
                    .result(run.id())
                    .orElseThrow(() -> new HeadscopeException(
                            Messages.get("history.noResult", Long.toString(run.id()), withoutResult(run))));
        } catch (HeadscopeException e) {
            throw new HeadscopeException(
                    Messages.get(
                            "history.unreadable",
                            Long.toString(run.id()),
                            FailureText.of(e).message()),
                    e);
        }
    }

    private static String withoutResult(StoredRun run) {
        if (run.state().status() == RunStatus.FAILED) {
            return Messages.get("history.state.failed", run.state().message());
        }
        return switch (run.state().status()) {
            case CANCELLED -> Messages.get("history.state.cancelled");
            case INTERRUPTED -> Messages.get("history.state.interrupted");
            default -> Messages.get("history.state.unfinished");
        };
    }

    private interface Question<T> {
        T ask(WorkspaceStore store);
    }

    private <T> void ask(Question<T> question, Consumer<T> show) {
        WorkspaceStore store = services.store();
        if (store != null) {
            latest.submit(
                    OPEN,
                    Job.<T>of(Messages.get("history.opening.result"), context -> question.ask(store))
                            .whenDone(show)
                            .whenFailed(
                                    failure -> error.set(FailureText.of(failure).message())));
        }
    }
}
