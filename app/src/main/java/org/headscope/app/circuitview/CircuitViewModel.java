package org.headscope.app.circuitview;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.edges.CircuitGrowth;
import org.headscope.analysis.edges.CircuitSizes;
import org.headscope.analysis.edges.CircuitStudy;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.app.control.graph.GraphPart;
import org.headscope.app.form.FormField;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.LatestJob;
import org.headscope.app.task.TaskPickerModel;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** The state of the circuit view: what is asked, the run that scores all edges, and the circuit of the size that is chosen. */
public final class CircuitViewModel {
    /** The analysis behind the view. */
    public static final String ANALYSIS = "circuit-sizes";

    static final List<String> PAIR = List.of("clean", "corrupt", "answer", "foil");
    private static final String STUDY = "study";

    private final Workbench bench;
    private final Analysis<?, ?> analysis;
    private final FormViewModel form;
    private final AnalysisRun run;
    private final TaskPickerModel tasks;
    private final LatestJob latest;
    private final SizedCircuit circuit;
    private final ObjectProperty<Over> over = new SimpleObjectProperty<>(this, "over", Over.PAIR);
    private final ReadOnlyBooleanWrapper stale = new ReadOnlyBooleanWrapper(this, "stale");
    private @Nullable AnalysisCall studied;

    /** What a circuit is found for. */
    public enum Over {
        PAIR,
        TASK
    }

    /**
     * @param bench what all views share
     * @throws HeadscopeException when this build cannot look for circuits
     */
    public CircuitViewModel(Workbench bench) {
        this.bench = bench;
        this.analysis = bench.services().analyses().get(ANALYSIS);
        this.form = new FormViewModel(analysis);
        this.run = new AnalysisRun(bench.services());
        this.tasks = new TaskPickerModel(bench);
        this.latest = new LatestJob(bench.services().jobs());
        this.circuit = new SizedCircuit(bench.services().jobs());
        tasks.formProperty().set(form);
        bench.modelProperty().subscribe((before, now) -> modelChanged());
        bench.maskProperty().subscribe(this::compareMask);
        bench.headProperty().subscribe(this::pointAt);
        run.resultProperty().subscribe(this::resultChanged);
        circuit.graph().partProperty().subscribe(this::tellHead);
        circuit.growthProperty().subscribe(now -> text("growth").set(now.name().toLowerCase(Locale.ROOT)));
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

    /** Draws prompts and answers, and says which task is averaged over. */
    public TaskPickerModel tasks() {
        return tasks;
    }

    /** The circuit in sight. */
    public SizedCircuit circuit() {
        return circuit;
    }

    /** Whether one pair of prompts is asked, or examples of a task. */
    public ObjectProperty<Over> overProperty() {
        return over;
    }

    /** Whether another mask holds now than when the edges were scored. */
    public ReadOnlyBooleanProperty staleProperty() {
        return stale.getReadOnlyProperty();
    }

    /** @return what was typed for a parameter, by its name */
    public StringProperty text(String name) {
        return form.field(name).map(FormField::textProperty).orElseThrow();
    }

    /** Checks the form and starts. */
    public void start() {
        OpenModel model = bench.modelProperty().get();
        if (model != null) {
            form.check()
                    .ifPresentOrElse(
                            run::refuse,
                            () -> run.start(new AnalysisCall(model, bench.settings(model), analysis, texts())));
        }
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>(form.texts());
        if (over.get() == Over.TASK) {
            texts.keySet().removeAll(PAIR);
            texts.put("task", tasks.chosenProperty().get().info().id());
        } else {
            texts.remove("count");
        }
        return texts;
    }

    /** Masks the heads that the circuit runs through, and nothing else. */
    public void maskCircuit() {
        mask(false);
    }

    /** Masks all heads that the circuit does not run through, and nothing else. */
    public void maskOutside() {
        mask(true);
    }

    private void mask(boolean outside) {
        CircuitStudy.Circuit now = circuit.circuitProperty().get();
        OpenModel model = bench.modelProperty().get();
        if (now == null || model == null) {
            return;
        }
        MaskShape shape = model.maskShape();
        TreeSet<MaskUnit> heads = new TreeSet<>(now.heads());
        if (outside) {
            heads.clear();
            for (int layer = 0; layer < shape.layers(); layer++) {
                for (int head = 0; head < shape.heads(); head++) {
                    heads.add(MaskUnit.head(layer, head));
                }
            }
            heads.removeAll(now.heads());
        }
        bench.maskProperty().set(HeadMask.none(shape).with(heads, MaskSetting.ZERO));
    }

    private void modelChanged() {
        latest.cancel(STUDY);
        studied = null;
        run.clear();
        circuit.clear();
        compareMask();
    }

    /** Keeps what both prompts write, so that circuits of any size can be run at once. */
    private void resultChanged(@Nullable Result result) {
        AnalysisCall call = run.callProperty().get();
        if (result == null || call == null) {
            return;
        }
        EdgeGraph all = (EdgeGraph) result.panel(CircuitSizes.GRAPH).orElseThrow();
        CircuitSizes.Parameters asked =
                ParameterBinder.of(CircuitSizes.Parameters.class).bind(call.texts());
        latest.submit(
                STUDY,
                Job.<CircuitStudy>of(Messages.get("circuit.preparing"), context -> call.model()
                                .use(open -> CircuitStudy.of(
                                        call.settings().context(open),
                                        asked,
                                        all,
                                        new JobProgress(context, panel -> {}))))
                        .whenDone(study -> take(call, study, result, asked.growth()))
                        .whenFailed(run::refuse));
    }

    private void take(AnalysisCall call, CircuitStudy study, Result result, CircuitGrowth growth) {
        studied = call;
        circuit.take(call.model(), study, result, growth);
        compareMask();
    }

    private void compareMask() {
        AnalysisCall call = studied;
        HeadMask now = bench.maskProperty().get();
        stale.set(call != null && now != null && !now.equals(call.settings().mask()));
    }

    private void tellHead(@Nullable GraphPart part) {
        if (part != null && part.kind() == GraphPart.Kind.HEAD) {
            bench.headProperty().set(MaskUnit.head(part.layer(), part.index()));
        }
    }

    private void pointAt(@Nullable MaskUnit head) {
        GraphPart at = circuit.graph().partProperty().get();
        boolean there = at != null && head != null && at.layer() == head.layer() && at.index() == head.head();
        if (head != null && head.kind() == MaskUnit.Kind.HEAD && !there) {
            circuit.graph().data().part("a" + head.layer() + ".h" + head.head()).ifPresent(circuit.graph()::point);
        }
    }
}
