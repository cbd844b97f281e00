package org.headscope.app.patch;

import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.app.form.FormField;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.task.TaskPickerModel;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** The state of the patching view: two prompts, what is patched, what that did, and the closer looks at it. */
public final class PatchViewModel {
    /** The analysis that patches one kind of activation. */
    public static final String ANALYSIS = "activation-patch";
    /** The analysis that patches several kinds in one run. */
    public static final String EVERY = "activation-patch-every";

    /** How much is patched in one run. */
    public enum Breadth {
        /** One kind of activation. */
        ONE,
        /** All kinds, side by side. */
        EVERY
    }

    private final Workbench bench;
    private final Analysis<?, ?> one;
    private final Analysis<?, ?> every;
    private final FormViewModel form;
    private final FormViewModel everyForm;
    private final ObjectProperty<Breadth> breadth = new SimpleObjectProperty<>(this, "breadth", Breadth.ONE);
    private final AnalysisRun run;
    private final TaskPickerModel tasks;
    private final PairModel pair;
    private final EffectGrids effects;
    private final Drill drill;
    private final ReadOnlyStringWrapper runs = new ReadOnlyStringWrapper(this, "runs", "");
    private @Nullable AnalysisCall shown;

    /**
     * @param bench what all views share
     * @throws HeadscopeException when this build has no activation patching
     */
    public PatchViewModel(Workbench bench) {
        this.bench = bench;
        this.one = bench.services().analyses().get(ANALYSIS);
        this.every = bench.services().analyses().get(EVERY);
        this.form = new FormViewModel(one);
        this.everyForm = new FormViewModel(every);
        for (FormField field : everyForm.fields()) {
            form.field(field.spec().name())
                    .ifPresent(same -> field.textProperty().bindBidirectional(same.textProperty()));
        }
        this.run = new AnalysisRun(bench.services());
        run.panels().subscribe(this::numbersCame); // before the grids are told
        this.effects = new EffectGrids(run);
        this.drill = new Drill(bench);
        this.tasks = new TaskPickerModel(bench);
        tasks.formProperty().set(form);
        this.pair = new PairModel(bench, text("clean"), text("corrupt"));
        bench.modelProperty().subscribe(model -> {
            run.clear();
            shown = null;
            drill.clear();
        });
        run.resultProperty().subscribe(this::resultChanged);
        effects.chosenProperty().subscribe(this::chosen);
    }

    Workbench bench() {
        return bench;
    }

    /** What is asked when one kind of activation is patched. */
    public FormViewModel form() {
        return form;
    }

    /** What is asked when all kinds are; it shares prompts, answers and direction with the other form. */
    public FormViewModel everyForm() {
        return everyForm;
    }

    public ObjectProperty<Breadth> breadthProperty() {
        return breadth;
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

    /** The two prompts, aligned. */
    public PairModel pair() {
        return pair;
    }

    /** The effects, as far as they are known. */
    public EffectGrids effects() {
        return effects;
    }

    /** The closer looks. */
    public Drill drill() {
        return drill;
    }

    /** The logit differences of the two runs, in words. */
    public ReadOnlyStringProperty runsProperty() {
        return runs.getReadOnlyProperty();
    }

    /** Checks the form and starts. */
    public void start() {
        OpenModel model = bench.modelProperty().get();
        boolean single = breadth.get() == Breadth.ONE;
        FormViewModel asked = single ? form : everyForm;
        if (model != null) {
            asked.check()
                    .ifPresentOrElse(
                            run::refuse,
                            () -> run.start(new AnalysisCall(
                                    model, bench.settings(model), single ? one : every, asked.texts())));
        }
    }

    /** Closer looks belong to the numbers in sight: they go when the first number of another run comes. */
    private void numbersCame() {
        AnalysisCall call = run.callProperty().get();
        if (shown != call) {
            shown = call;
            drill.clear();
            chosen(effects.chosenProperty().get());
        }
    }

    private void chosen(@Nullable Place place) {
        AnalysisCall call = shown;
        if (call == null) {
            return;
        }
        boolean attention = effects.chosenPanel().endsWith("hook_attn_out")
                || "attn-out".equals(call.texts().get("site"));
        drill.begin(call, !attention, place);
        if (place != null && place.layer() >= 0 && place.head() >= 0) {
            bench.headProperty().set(MaskUnit.head(place.layer(), place.head()));
        }
    }

    private void resultChanged(@Nullable Result result) {
        List<Table> tables = result == null
                ? List.of()
                : result.panels().stream()
                        .filter(Table.class::isInstance)
                        .map(Table.class::cast)
                        .toList();
        runs.set(tables.isEmpty() ? "" : EffectWords.runs(tables.get(0)));
    }
}
