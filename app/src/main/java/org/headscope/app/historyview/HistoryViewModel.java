package org.headscope.app.historyview;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.store.RunFilter;
import org.headscope.analysis.store.RunSpec.ModelKey;
import org.headscope.analysis.store.StoredRun;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.history.Repeat;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.NewestRequest;
import org.headscope.app.workbench.Services;

/** The list of runs: searched, deleted from and brought back, repeated, and written about. */
public final class HistoryViewModel {
    private static final int MOST = 20_000;
    private static final Duration TYPING_PAUSE = Duration.ofMillis(150);
    private static final String LIST = "list";
    private static final String REPEAT = "repeat";
    /** Stands for every model. */
    static final ModelKey ANY_MODEL = new ModelKey("", "");

    private final Services services;
    private final LatestJob latest;
    private final ShownRuns shown;
    private final ObservableList<HistoryRow> rows = FXCollections.observableArrayList();
    private final ObservableList<ModelKey> models = FXCollections.observableArrayList(ANY_MODEL);
    private final StringProperty search = new SimpleStringProperty(this, "search", "");
    private final ObjectProperty<ModelKey> model = new SimpleObjectProperty<>(this, "model", ANY_MODEL);
    private final Deque<List<Long>> deleted = new ArrayDeque<>();
    private final ReadOnlyBooleanWrapper undoable = new ReadOnlyBooleanWrapper(this, "undoable");
    private final ReadOnlyBooleanWrapper repeating = new ReadOnlyBooleanWrapper(this, "repeating");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private final Map<Long, NewestRequest<String, Boolean>> writers = new HashMap<>();
    private Runnable listed = () -> {};
    private boolean listing;

    /** @param services has the store, or none */
    public HistoryViewModel(Services services) {
        this.services = services;
        this.latest = new LatestJob(services.jobs());
        this.shown = new ShownRuns(services);
        if (services.store() == null) {
            error.set(Messages.get("history.unavailable"));
        }
        search.subscribe((before, now) -> list(TYPING_PAUSE));
        model.subscribe((before, now) -> refresh());
    }

    /** Runs that were asked for, newest first. */
    public ObservableList<HistoryRow> rows() {
        return rows;
    }

    Services services() {
        return services;
    }

    /** What is shown of the selected runs. */
    public ShownRuns shown() {
        return shown;
    }

    /** Words that must be found in the analysis, the model, the parameters, the failure or the note of a run. */
    public StringProperty searchProperty() {
        return search;
    }

    /** Models there are runs of; the first entry stands for all. */
    public ObservableList<ModelKey> models() {
        return models;
    }

    /** The model whose runs are listed. */
    public ObjectProperty<ModelKey> modelProperty() {
        return model;
    }

    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Whether something was deleted that can come back. */
    public ReadOnlyBooleanProperty undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty repeatingProperty() {
        return repeating.getReadOnlyProperty();
    }

    /** Whether the rows are being replaced, so that a selection that changes is nobody's wish. */
    boolean isListing() {
        return listing;
    }

    /** @param action called when rows were replaced */
    void whenListed(Runnable action) {
        listed = action;
    }

    /** Reads the list again. */
    public void refresh() {
        list(Duration.ZERO);
    }

    /** Deletes runs; {@link #undo} brings them back. */
    public void delete(List<HistoryRow> gone) {
        List<Long> ids = gone.stream().map(row -> row.run().id()).toList();
        if (!ids.isEmpty()) {
            deleted.push(ids);
            undoable.set(true);
            change(store -> ids.forEach(store.runs()::delete));
        }
    }

    /** Brings back what was deleted last. */
    public void undo() {
        List<Long> last = deleted.poll();
        undoable.set(!deleted.isEmpty());
        if (last != null) {
            change(store -> last.forEach(store.runs()::restore));
        }
    }

    /** Runs it again with the same settings; the new run comes to the top of the list. */
    public void repeat(HistoryRow row) {
        WorkspaceStore store = services.store();
        if (store == null) {
            return;
        }
        error.set("");
        repeating.set(true);
        long id = row.run().id();
        latest.submit(
                REPEAT,
                Job.<Result>of(Messages.get("history.repeating", Long.toString(id)), context -> new Repeat(store)
                                .run(id, new JobProgress(context, panel -> {})))
                        .whenDone(result -> repeated())
                        .whenCancelled(this::repeated)
                        .whenFailed(failure -> {
                            repeated();
                            error.set(FailureText.of(failure).message());
                        }));
    }

    private void repeated() {
        repeating.set(false);
        refresh();
    }

    /** Keeps what was written about a run, at once and in the order it was typed. */
    public void write(HistoryRow row, String note) {
        WorkspaceStore store = services.store();
        if (store == null || row.noteProperty().get().equals(note)) {
            return;
        }
        row.noteProperty().set(note);
        long id = row.run().id();
        writers.computeIfAbsent(
                        id,
                        run -> new NewestRequest<>(
                                services.jobs(),
                                Messages.get("history.note.saving"),
                                text -> {
                                    store.notes().write(run, text);
                                    return true;
                                },
                                done -> {},
                                failure -> error.set(FailureText.of(failure).message())))
                .ask(note);
    }

    /** What the list is made of. */
    private record Listing(List<HistoryRow> rows, List<ModelKey> models) {}

    /** A change is never given up for a newer question, unlike reading the list. */
    private void change(Consumer<WorkspaceStore> what) {
        WorkspaceStore store = services.store();
        if (store != null) {
            services.jobs()
                    .submit(Job.<Boolean>of(Messages.get("history.changing"), context -> {
                                what.accept(store);
                                return true;
                            })
                            .whenDone(done -> refresh())
                            .whenFailed(
                                    failure -> error.set(FailureText.of(failure).message())));
        }
    }

    private void list(Duration pause) {
        WorkspaceStore store = services.store();
        if (store != null) {
            error.set("");
            RunFilter filter = RunFilter.of(search.get(), model.get().hash());
            latest.submit(
                    LIST,
                    pause,
                    Job.<Listing>of(Messages.get("history.loading"), context -> read(store, filter))
                            .whenDone(this::show)
                            .whenFailed(
                                    failure -> error.set(FailureText.of(failure).message())));
        }
    }

    private static Listing read(WorkspaceStore store, RunFilter filter) {
        Map<Long, String> notes = store.notes().ofRuns();
        List<HistoryRow> found = new ArrayList<>();
        for (StoredRun run : store.runs().find(filter, MOST)) {
            found.add(new HistoryRow(run, notes.getOrDefault(run.id(), "")));
        }
        return new Listing(found, store.runs().models());
    }

    private void show(Listing found) {
        listing = true;
        try {
            for (ModelKey key : found.models()) {
                if (models.stream().noneMatch(known -> known.hash().equals(key.hash()))) {
                    models.add(key);
                }
            }
            rows.setAll(found.rows());
        } finally {
            listing = false;
        }
        listed.run();
    }
}
