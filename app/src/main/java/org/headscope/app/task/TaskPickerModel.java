package org.headscope.app.task;

import java.util.List;
import java.util.Map;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** Fills a form that asks for two prompts with an example of a task, another one each time. Used on the window's thread. */
public final class TaskPickerModel {
    private static final String DRAW = "draw";
    private static final List<String> PAIR = List.of("clean", "corrupt");

    private final Workbench bench;
    private final LatestJob latest;
    private final ObjectProperty<TaskGenerator> chosen =
            new SimpleObjectProperty<>(this, "chosen", TaskRegistry.all().get(0));
    private final ObjectProperty<@Nullable FormViewModel> form = new SimpleObjectProperty<>(this, "form");
    private final ReadOnlyBooleanWrapper fits = new ReadOnlyBooleanWrapper(this, "fits");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private long drawn;

    /** @param bench what all views share */
    public TaskPickerModel(Workbench bench) {
        this.bench = bench;
        this.latest = new LatestJob(bench.services().jobs());
        form.subscribe(this::formChanged);
        chosen.subscribe((before, now) -> error.set(""));
        bench.modelProperty().subscribe((before, now) -> forget());
        bench.bosProperty().subscribe((before, now) -> forget());
    }

    public List<TaskGenerator> all() {
        return TaskRegistry.all();
    }

    public ObjectProperty<TaskGenerator> chosenProperty() {
        return chosen;
    }

    /** The form to fill. */
    public ObjectProperty<@Nullable FormViewModel> formProperty() {
        return form;
    }

    /** Whether that form asks for a clean and a corrupt prompt. */
    public ReadOnlyBooleanProperty fitsProperty() {
        return fits.getReadOnlyProperty();
    }

    /** Why the task cannot be asked of the open model, empty when it can or was not tried. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Draws the next example in the background and puts it in. */
    public void draw() {
        OpenModel model = bench.modelProperty().get();
        FormViewModel filled = form.get();
        if (model == null || filled == null) {
            return;
        }
        error.set("");
        TaskGenerator task = chosen.get();
        long seed = drawn++;
        latest.submit(
                DRAW,
                Job.<TaskPair>of(
                                Messages.get("tasks.drawing"),
                                context ->
                                        TaskPair.draw(model, bench.bosProperty().get(), task, seed))
                        .whenDone(pair -> fill(filled, pair))
                        .whenFailed(failure -> error.set(FailureText.of(failure).message())));
    }

    private static void fill(FormViewModel form, TaskPair pair) {
        Map<String, String> texts =
                Map.of("clean", pair.clean(), "corrupt", pair.corrupt(), "answer", pair.answer(), "foil", pair.foil());
        texts.forEach((name, text) ->
                form.field(name).ifPresent(field -> field.textProperty().set(text)));
    }

    private void formChanged(@Nullable FormViewModel now) {
        forget();
        fits.set(now != null && PAIR.stream().allMatch(name -> now.field(name).isPresent()));
    }

    /** What was asked of another model, or for another form, is not wanted any more. */
    private void forget() {
        latest.cancel(DRAW);
        error.set("");
    }
}
