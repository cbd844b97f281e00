package org.headscope.app.maskview;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.io.HashCheck;
import org.headscope.analysis.mask.io.MaskJson;
import org.headscope.analysis.store.MaskTable;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;

/** Masks kept under names for the weights of the open model. */
public final class MaskSetsModel {
    private static final String LIST = "list";

    private final Workbench bench;
    private final LatestJob latest;
    private final ObservableList<SavedMask> sets = FXCollections.observableArrayList();
    private final ObservableList<MaskChoice> choices = FXCollections.observableArrayList(MaskChoice.CURRENT);
    private final Deque<Long> deleted = new ArrayDeque<>();
    private final ReadOnlyBooleanWrapper undoable = new ReadOnlyBooleanWrapper(this, "undoable");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    /** @param bench what all views share */
    public MaskSetsModel(Workbench bench) {
        this.bench = bench;
        this.latest = new LatestJob(bench.services().jobs());
        bench.modelProperty().subscribe(now -> {
            deleted.clear();
            undoable.set(false);
            show(List.of());
            refresh();
        });
    }

    Workbench bench() {
        return bench;
    }

    /** The masks kept for the open model, by name. */
    public ObservableList<SavedMask> sets() {
        return sets;
    }

    /** What can be combined and compared: the mask on the table and those kept. */
    public ObservableList<MaskChoice> choices() {
        return choices;
    }

    /** Whether a deleted mask can come back. */
    public ReadOnlyBooleanProperty undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** @return what a choice stands for now; empty when it was deleted or there is no model */
    public Optional<HeadMask> mask(MaskChoice choice) {
        return choice.id() == 0
                ? Optional.ofNullable(bench.maskProperty().get())
                : sets.stream()
                        .filter(set -> set.id() == choice.id())
                        .map(SavedMask::mask)
                        .findFirst();
    }

    /** Reads the list again. */
    public void refresh() {
        OpenModel model = bench.modelProperty().get();
        if (model != null) {
            this.<List<SavedMask>>ask(
                    store -> read(store.masks(), MaskViewModel.target(model)),
                    job -> latest.submit(LIST, job.whenDone(this::show)));
        }
    }

    /** Keeps the mask on the table; asks before it takes the place of another. */
    public void save(String typed) {
        HeadMask mask = bench.maskProperty().get();
        OpenModel model = bench.modelProperty().get();
        String name = typed.strip();
        if (mask == null || model == null) {
            return;
        }
        if (name.isEmpty()) {
            error.set(Messages.get("mask.set.nameless"));
            return;
        }
        boolean taken = sets.stream().anyMatch(set -> set.name().equals(name));
        if (!taken
                || bench.services()
                        .dialogs()
                        .confirm(Messages.get("mask.set.replace", name), Messages.get("mask.set.replace.agree"))) {
            change(table -> table.save(name, MaskJson.write(mask, MaskSources.NONE, MaskViewModel.target(model))));
        }
    }

    /** Puts a kept mask on the table. */
    public void load(SavedMask set) {
        bench.maskProperty().set(set.mask());
    }

    /** Gives a mask another name. */
    public void rename(SavedMask set, String typed) {
        String name = typed.strip();
        if (name.isEmpty()) {
            error.set(Messages.get("mask.set.nameless"));
        } else if (!name.equals(set.name())) {
            change(table -> table.rename(set.id(), name));
        }
    }

    /** Deletes a mask; {@link #undo} brings it back. */
    public void delete(SavedMask set) {
        deleted.push(set.id());
        undoable.set(true);
        change(table -> table.delete(set.id()));
    }

    /** Brings back the mask deleted last. */
    public void undo() {
        Long last = deleted.poll();
        undoable.set(!deleted.isEmpty());
        if (last != null) {
            change(table -> table.restore(last));
        }
    }

    /** A change is never given up for a newer question, unlike reading the list. */
    private void change(Consumer<MaskTable> what) {
        ask(
                store -> {
                    what.accept(store.masks());
                    return true;
                },
                job -> bench.services().jobs().submit(job.whenDone(done -> refresh())));
    }

    private interface Question<T> {
        T ask(WorkspaceStore store);
    }

    private <T> void ask(Question<T> question, Consumer<Job<T>> submit) {
        WorkspaceStore store = bench.services().store();
        if (store != null) {
            error.set("");
            submit.accept(Job.<T>of(Messages.get("mask.set.listing"), context -> question.ask(store))
                    .whenFailed(failure -> error.set(FailureText.of(failure).message())));
        } else {
            error.set(Messages.get("mask.set.unavailable"));
        }
    }

    private static List<SavedMask> read(MaskTable table, MaskTarget target) {
        List<SavedMask> found = new ArrayList<>();
        for (MaskTable.StoredMask stored : table.of(target.weightHash())) {
            HeadMask mask = MaskJson.read(stored.body().toString(), target, HashCheck.REQUIRE)
                    .mask();
            found.add(new SavedMask(stored.id(), stored.name(), mask, stored.savedAt()));
        }
        return found;
    }

    /** Choices that stay are left in place, so that what was chosen stays chosen. */
    private void show(List<SavedMask> found) {
        sets.setAll(found);
        List<MaskChoice> wanted = found.stream().map(MaskChoice::of).toList();
        choices.removeIf(choice -> choice.id() != 0 && !wanted.contains(choice));
        wanted.stream().filter(choice -> !choices.contains(choice)).forEach(choices::add);
    }
}
