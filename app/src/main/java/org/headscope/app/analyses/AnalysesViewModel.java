package org.headscope.app.analyses;

import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.spi.Analysis;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.task.TaskPickerModel;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** Any analysis: choose it, fill in its parameters, run it. */
public final class AnalysesViewModel {
    private final Workbench bench;
    private final List<Analysis<?, ?>> all;
    private final AnalysisRun run;
    private final TaskPickerModel tasks;
    private final ObjectProperty<Analysis<?, ?>> chosen = new SimpleObjectProperty<>(this, "chosen");
    private final ReadOnlyObjectWrapper<@Nullable FormViewModel> form = new ReadOnlyObjectWrapper<>(this, "form");

    /** @param bench what all views share */
    public AnalysesViewModel(Workbench bench) {
        this.bench = bench;
        this.all = List.copyOf(bench.services().analyses().all());
        this.run = new AnalysisRun(bench.services());
        this.tasks = new TaskPickerModel(bench);
        tasks.formProperty().bind(form);
        chosen.subscribe(this::fill);
        bench.modelProperty().subscribe(model -> run.clear());
        if (!all.isEmpty()) {
            chosen.set(all.get(0));
        }
    }

    Workbench bench() {
        return bench;
    }

    public List<Analysis<?, ?>> all() {
        return all;
    }

    public AnalysisRun run() {
        return run;
    }

    /** Draws prompts and answers, for forms that ask for two prompts. */
    public TaskPickerModel tasks() {
        return tasks;
    }

    public ObjectProperty<Analysis<?, ?>> chosenProperty() {
        return chosen;
    }

    /** The form of the chosen analysis. */
    public ReadOnlyObjectProperty<@Nullable FormViewModel> formProperty() {
        return form.getReadOnlyProperty();
    }

    /** Puts an analysis into the form. */
    public void choose(Analysis<?, ?> analysis) {
        chosen.set(analysis);
    }

    /** Checks the form and starts. */
    public void start() {
        OpenModel model = bench.modelProperty().get();
        Analysis<?, ?> analysis = chosen.get();
        FormViewModel filled = form.get();
        if (model != null && analysis != null && filled != null) {
            filled.check()
                    .ifPresentOrElse(
                            run::refuse,
                            () -> run.start(new AnalysisCall(model, bench.settings(model), analysis, filled.texts())));
        }
    }

    /** A parameter named prompt begins with the prompt that is on the table. */
    private void fill(@Nullable Analysis<?, ?> analysis) {
        run.clear();
        if (analysis == null) {
            form.set(null);
            return;
        }
        FormViewModel fresh = new FormViewModel(analysis);
        fresh.field("prompt").ifPresent(field -> field.textProperty()
                .set(bench.promptProperty().get()));
        form.set(fresh);
    }
}
