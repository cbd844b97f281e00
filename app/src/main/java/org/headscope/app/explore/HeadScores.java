package org.headscope.app.explore;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterSpec;
import org.headscope.analysis.spi.ParameterType;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.LatestJob;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;

/** Fills the head grid with numbers that an analysis computes on the prompt. */
public final class HeadScores {
    private static final String SCORE = "score";

    private final Workbench bench;
    private final HeadGridModel grid;
    private final LatestJob latest;
    private final List<HeadScore> choices;
    private final ObjectProperty<HeadScore> chosen = new SimpleObjectProperty<>(this, "chosen", HeadScore.NONE);
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(this, "busy");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    private @Nullable AnalysisCall shown;
    private @Nullable Result known;

    HeadScores(Workbench bench, HeadGridModel grid) {
        this.bench = bench;
        this.grid = grid;
        this.latest = new LatestJob(bench.services().jobs());
        this.choices = available(bench);
        chosen.subscribe((before, now) -> compute());
        bench.runProperty().subscribe((before, now) -> compute());
    }

    private static List<HeadScore> available(Workbench bench) {
        Set<String> ids = new HashSet<>();
        bench.services()
                .analyses()
                .all()
                .forEach(analysis -> ids.add(analysis.info().id()));
        return HeadScore.ALL.stream()
                .filter(score -> score.analysis().isEmpty() || ids.contains(score.analysis()))
                .toList();
    }

    /** @return what can be shown here */
    public List<HeadScore> choices() {
        return choices;
    }

    public ObjectProperty<HeadScore> chosenProperty() {
        return chosen;
    }

    public ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /** Why there are no numbers, empty when there is no reason to ask. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** The run that the numbers in sight come from; null while there are none. */
    @Nullable
    Result shownResult() {
        return grid.numberedProperty().get() ? known : null;
    }

    void modelChanged(@Nullable OpenModel model) {
        latest.cancelAll();
        shown = null;
        known = null;
        busy.set(false);
        blank(model);
    }

    private void blank(@Nullable OpenModel model) {
        grid.numberedProperty().set(false);
        grid.valueTitleProperty().set("");
        grid.scaleKindProperty().set(ScaleKind.DIVERGING);
        grid.valuesProperty()
                .set(
                        model == null
                                ? GridValues.NONE
                                : GridValues.of(
                                        new float[model.dims().layers()]
                                                [model.dims().heads()]));
    }

    private void compute() {
        HeadScore score = chosen.get();
        OpenModel model = bench.modelProperty().get();
        LiveRun run = bench.runProperty().get();
        latest.cancel(SCORE);
        busy.set(false);
        error.set("");
        if (score.analysis().isEmpty() || model == null || run == null) {
            blank(model);
            return;
        }
        Analysis<?, ?> analysis = bench.services().analyses().get(score.analysis());
        BosPolicy bos = bench.bosProperty().get();
        AnalysisCall call = new AnalysisCall(model, RunSettings.unmasked(model, bos), analysis, texts(analysis, run));
        if (call.equals(shown) && known != null) {
            show(score, known);
            return;
        }
        busy.set(true);
        latest.submit(
                SCORE,
                Job.<Result>of(
                                analysis.info().name(),
                                context -> call.run(HistoryRecorder.off(), new JobProgress(context, panel -> {})))
                        .whenDone(result -> {
                            shown = call;
                            known = result;
                            show(score, result);
                        })
                        .whenFailed(this::refuse));
    }

    private static Map<String, String> texts(Analysis<?, ?> analysis, LiveRun run) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (ParameterSpec spec : ParameterBinder.of(analysis.parameters()).specs()) {
            if (spec.type() == ParameterType.PROMPT && spec.name().equals("prompt")) {
                texts.put(spec.flag(), run.prompt().line());
            }
        }
        return texts;
    }

    private void show(HeadScore score, Result result) {
        busy.set(false);
        score.find(result).ifPresent(this::show);
    }

    private void show(HeadGrid panel) {
        Quantity quantity = panel.quantity();
        grid.scaleKindProperty().set(quantity.zeroCentred() ? ScaleKind.DIVERGING : ScaleKind.SEQUENTIAL);
        grid.valueTitleProperty().set(quantity.name());
        grid.numberedProperty().set(true);
        grid.valuesProperty().set(values(panel.grid()));
    }

    private static GridValues values(Grid numbers) {
        float[] cells = new float[numbers.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) numbers.valueAt(i);
        }
        return GridValues.of(numbers.shape()[0], numbers.shape()[1], cells);
    }

    private void refuse(Throwable failure) {
        busy.set(false);
        error.set(FailureText.of(failure).message());
    }
}
