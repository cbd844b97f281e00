package org.headscope.app.historyview;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.store.RunTable;
import org.headscope.analysis.store.StoredRun;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.panel.PanelActions;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.CommandText;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;

/** The list of runs, the result of the selected one, and deleting that can be taken back. */
public final class HistoryViewModel {
    private static final int MOST = 500;
    private static final String LIST = "list";
    private static final String OPEN = "open";

    private final Services services;
    private final LatestJob latest;
    private final ObservableList<StoredRun> runs = FXCollections.observableArrayList();
    private final ObservableList<Panel> panels = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable Result> result = new SimpleObjectProperty<>(this, "result");
    private final Deque<Long> deleted = new ArrayDeque<>();
    private final ReadOnlyBooleanWrapper undoable = new ReadOnlyBooleanWrapper(this, "undoable");
    private final ReadOnlyStringWrapper command = new ReadOnlyStringWrapper(this, "command", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    /** @param services has the store, or none */
    public HistoryViewModel(Services services) {
        this.services = services;
        this.latest = new LatestJob(services.jobs());
        if (services.store() == null) {
            error.set(Messages.get("history.unavailable"));
        }
    }

    /** Runs, newest first. */
    public ObservableList<StoredRun> runs() {
        return runs;
    }

    /** The result of the selected run. */
    public ObservableList<Panel> panels() {
        return panels;
    }

    Services services() {
        return services;
    }

    /** What can be done with the panels of the selected run. */
    PanelActions actions() {
        return new PanelActions(services, result);
    }

    /** The command that does the same as the selected run; empty without one. */
    public ReadOnlyStringProperty commandProperty() {
        return command.getReadOnlyProperty();
    }

    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Whether something was deleted that can come back. */
    public ReadOnlyBooleanProperty undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    /** Reads the list again. */
    public void refresh() {
        ask(LIST, Messages.get("history.loading"), table -> table.recent(MOST), runs::setAll);
    }

    /** Shows the result of a run, or nothing. */
    public void select(@Nullable StoredRun run) {
        latest.cancel(OPEN);
        result.set(null);
        if (run == null) {
            panels.clear();
            command.set("");
            return;
        }
        command.set(CommandText.of(services, run.spec()));
        if (!run.hasResult()) {
            panels.clear();
            return;
        }
        ask(OPEN, Messages.get("history.loading"), table -> table.result(run.id()), found -> {
            result.set(found.orElse(null));
            panels.setAll(found.map(Result::panels).orElse(List.of()));
        });
    }

    /** Deletes a run; {@link #undo} brings it back. */
    public void delete(StoredRun run) {
        deleted.push(run.id());
        undoable.set(true);
        change(table -> table.delete(run.id()));
    }

    /** Brings back what was deleted last. */
    public void undo() {
        Long last = deleted.poll();
        undoable.set(!deleted.isEmpty());
        if (last != null) {
            change(table -> table.restore(last));
        }
    }

    private void change(Consumer<RunTable> what) {
        ask(
                LIST,
                Messages.get("history.deleting"),
                table -> {
                    what.accept(table);
                    return table.recent(MOST);
                },
                runs::setAll);
    }

    private interface Question<T> {
        T ask(RunTable table);
    }

    private <T> void ask(String name, String title, Question<T> question, Consumer<T> show) {
        WorkspaceStore store = services.store();
        if (store != null) {
            error.set("");
            latest.submit(
                    name,
                    Job.<T>of(title, context -> question.ask(store.runs()))
                            .whenDone(show)
                            .whenFailed(
                                    failure -> error.set(FailureText.of(failure).message())));
        }
    }
}
