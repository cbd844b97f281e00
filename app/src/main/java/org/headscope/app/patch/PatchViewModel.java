package org.headscope.app.patch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.form.FormField;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.panel.GridPanelModel;
import org.headscope.app.task.TaskPickerModel;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** The state of the patching view. */
public final class PatchViewModel {
    /** The analysis behind the view. */
    public static final String ANALYSIS = "activation-patch";

    private static final String PAIR = "pair";
    private static final Duration TYPING_PAUSE = Duration.ofMillis(250);

    private final Workbench bench;
    private final Analysis<?, ?> analysis;
    private final FormViewModel form;
    private final AnalysisRun run;
    private final TaskPickerModel tasks;
    private final LatestJob latest;
    private final TokenStripModel clean = new TokenStripModel();
    private final TokenStripModel corrupt = new TokenStripModel();
    private final ReadOnlyStringWrapper pairText = new ReadOnlyStringWrapper(this, "pairText", "");
    private final ReadOnlyBooleanWrapper aligned = new ReadOnlyBooleanWrapper(this, "aligned", true);
    private final ReadOnlyObjectWrapper<@Nullable GridPanelModel> effect = new ReadOnlyObjectWrapper<>(this, "effect");
    private final ReadOnlyStringWrapper runs = new ReadOnlyStringWrapper(this, "runs", "");
    private final ReadOnlyStringWrapper details = new ReadOnlyStringWrapper(this, "details", "");

    /**
     * @param bench what all views share
     * @throws HeadscopeException when this build has no activation patching
     */
    public PatchViewModel(Workbench bench) {
        this.bench = bench;
        this.analysis = bench.services().analyses().get(ANALYSIS);
        this.form = new FormViewModel(analysis);
        this.run = new AnalysisRun(bench.services());
        this.tasks = new TaskPickerModel(bench);
        tasks.formProperty().set(form);
        this.latest = new LatestJob(bench.services().jobs());
        List.of("clean", "corrupt").forEach(name -> text(name).subscribe((before, now) -> compare(TYPING_PAUSE)));
        bench.bosProperty().subscribe((before, now) -> compare(Duration.ZERO));
        bench.modelProperty().subscribe(this::modelChanged);
        run.panels().subscribe(this::panelsChanged);
        run.resultProperty().subscribe(this::resultChanged);
    }

    Workbench bench() {
        return bench;
    }

    public FormViewModel form() {
        return form;
    }

    public AnalysisRun run() {
        return run;
    }

    /** Draws prompts and answers. */
    public TaskPickerModel tasks() {
        return tasks;
    }

    /** @return what was typed for a parameter, by its name */
    public StringProperty text(String name) {
        return form.field(name).map(FormField::textProperty).orElseThrow();
    }

    /** The tokens of the clean prompt; those that differ are marked. */
    public TokenStripModel cleanTokens() {
        return clean;
    }

    public TokenStripModel corruptTokens() {
        return corrupt;
    }

    /** How the prompts compare, or why they cannot be read. */
    public ReadOnlyStringProperty pairTextProperty() {
        return pairText.getReadOnlyProperty();
    }

    /** Whether both prompts have equally many tokens. */
    public ReadOnlyBooleanProperty alignedProperty() {
        return aligned.getReadOnlyProperty();
    }

    /** The effects, as far as they are known; null before the first. */
    public ReadOnlyObjectProperty<@Nullable GridPanelModel> effectProperty() {
        return effect.getReadOnlyProperty();
    }

    /** The logit differences of the two runs, in words. */
    public ReadOnlyStringProperty runsProperty() {
        return runs.getReadOnlyProperty();
    }

    /** The chosen cell in words. */
    public ReadOnlyStringProperty detailsProperty() {
        return details.getReadOnlyProperty();
    }

    /** Checks the form and starts. */
    public void start() {
        OpenModel model = bench.modelProperty().get();
        if (model != null) {
            form.check()
                    .ifPresentOrElse(
                            run::refuse,
                            () -> run.start(new AnalysisCall(model, bench.settings(model), analysis, form.texts())));
        }
    }

    private void modelChanged(@Nullable OpenModel model) {
        run.clear();
        details.set("");
        compare(Duration.ZERO);
    }

    private void compare(Duration pause) {
        OpenModel model = bench.modelProperty().get();
        String first = text("clean").get();
        String second = text("corrupt").get();
        if (model == null || first.isBlank() || second.isBlank()) {
            latest.cancel(PAIR);
            pairText.set("");
            aligned.set(true);
            return;
        }
        latest.submit(
                PAIR,
                pause,
                Job.<PromptPair>of(
                                Messages.get("patch.comparing"),
                                context ->
                                        PromptPair.of(model, bench.bosProperty().get(), first, second))
                        .whenDone(this::show)
                        .whenFailed(failure -> {
                            aligned.set(false);
                            pairText.set(FailureText.of(failure).message());
                        }));
    }

    private void show(PromptPair pair) {
        show(clean, PromptPair.strings(pair.clean()), pair.differing(pair.clean()));
        show(corrupt, PromptPair.strings(pair.corrupt()), pair.differing(pair.corrupt()));
        aligned.set(pair.aligned());
        pairText.set(pair.explain());
    }

    private static void show(TokenStripModel strip, List<String> tokens, Set<Integer> differing) {
        strip.tokensProperty().set(tokens);
        strip.markedProperty().set(differing);
    }

    private void panelsChanged() {
        Optional<GridPanel> first = grids().findFirst();
        if (first.isEmpty()) {
            effect.set(null);
            return;
        }
        GridPanel panel = first.get();
        GridPanelModel shown = effect.get();
        if (shown != null && shown.fits(panel)) {
            shown.show(panel);
        } else {
            GridPanelModel fresh = new GridPanelModel(panel);
            fresh.chosenProperty().subscribe(this::describe);
            effect.set(fresh);
        }
        describe();
    }

    private Stream<GridPanel> grids() {
        return run.panels().stream().filter(GridPanel.class::isInstance).map(GridPanel.class::cast);
    }

    private void resultChanged(@Nullable Result result) {
        runs.set(
                result == null
                        ? ""
                        : result.panels().stream()
                                .filter(Table.class::isInstance)
                                .map(Table.class::cast)
                                .findFirst()
                                .map(EffectWords::runs)
                                .orElse(""));
    }

    private void describe() {
        GridPanelModel shown = effect.get();
        List<Integer> cell = shown == null ? null : shown.chosenProperty().get();
        if (shown == null || cell == null) {
            details.set("");
            return;
        }
        int[] index = cell.stream().mapToInt(Integer::intValue).toArray();
        String numbers = grids().filter(
                        grid -> grid.grid().axes().equals(shown.panel().grid().axes()))
                .map(grid ->
                        grid.quantity().name() + " " + Ticks.format(grid.grid().at(index)))
                .collect(Collectors.joining(" · "));
        details.set(EffectWords.place(shown.panel(), index) + ": " + numbers);
        point(shown.panel(), index);
    }

    /** A chosen head is the one that other views look at, too. */
    private void point(GridPanel panel, int[] index) {
        Map<String, Integer> at = IntStream.range(0, index.length)
                .boxed()
                .collect(Collectors.toMap(i -> panel.grid().axes().get(i).name(), i -> index[i]));
        Integer layer = at.get(Axis.LAYER);
        Integer head = at.get(Axis.HEAD);
        if (layer != null && head != null) {
            bench.headProperty().set(MaskUnit.head(layer, head));
        }
    }
}
