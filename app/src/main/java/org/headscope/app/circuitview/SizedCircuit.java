package org.headscope.app.circuitview;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.edges.CircuitGrowth;
import org.headscope.analysis.edges.CircuitStudy;
import org.headscope.analysis.edges.CircuitStudy.Circuit;
import org.headscope.analysis.edges.CircuitStudy.Measured;
import org.headscope.analysis.result.Result;
import org.headscope.app.control.curve.CurveModel;
import org.headscope.app.control.graph.GraphData;
import org.headscope.app.control.graph.GraphModel;
import org.headscope.app.control.graph.GraphPart;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobRunner;
import org.headscope.app.job.LatestJob;
import org.headscope.app.panel.GraphOf;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.hooks.config.Dims;
import org.jspecify.annotations.Nullable;

/**
 * The circuit of as many edges as the slider says. The graph follows at once; what the circuit does is known only after that
 * very circuit was run, and until then it is not said.
 */
public final class SizedCircuit {
    private static final String MEASURE = "measure";
    private static final String CURVE = "curve";
    private static final Duration SLIDING = Duration.ofMillis(120);
    private static final double GOOD = 0.8;

    private final JobRunner jobs;
    private final LatestJob latest;
    private final GraphModel graph = new GraphModel();
    private final CurveModel curve = new CurveModel();
    private final CircuitReadings readings = new CircuitReadings();
    private final IntegerProperty size = new SimpleIntegerProperty(this, "size");
    private final ObjectProperty<CircuitGrowth> growth =
            new SimpleObjectProperty<>(this, "growth", CircuitGrowth.GREEDY);
    private final ObjectProperty<Yardstick> yardstick =
            new SimpleObjectProperty<>(this, "yardstick", Yardstick.FAITHFULNESS);
    private final ReadOnlyObjectWrapper<@Nullable Circuit> circuit = new ReadOnlyObjectWrapper<>(this, "circuit");
    private final ReadOnlyObjectWrapper<@Nullable Measured> measured = new ReadOnlyObjectWrapper<>(this, "measured");
    private final ReadOnlyObjectWrapper<@Nullable CircuitStudy> study = new ReadOnlyObjectWrapper<>(this, "study");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private @Nullable OpenModel model;

    SizedCircuit(JobRunner jobs) {
        this.jobs = jobs;
        this.latest = new LatestJob(jobs);
        curve.logarithmicProperty().set(true);
        curve.xTitleProperty().set(Messages.get("circuit.edges.chosen"));
        curve.setOnChosen(x -> size.set((int) Math.round(x)));
        size.subscribe((before, now) -> choose());
        growth.subscribe((before, now) -> growthChanged());
        yardstick.subscribe(this::showCurve);
    }

    public GraphModel graph() {
        return graph;
    }

    /** What circuits of all sizes do, with the one in sight marked. */
    public CurveModel curve() {
        return curve;
    }

    /** How many edges are chosen. */
    public IntegerProperty sizeProperty() {
        return size;
    }

    public ObjectProperty<CircuitGrowth> growthProperty() {
        return growth;
    }

    /** What the curve is of. */
    public ObjectProperty<Yardstick> yardstickProperty() {
        return yardstick;
    }

    /** The circuit in sight; null before the first run. */
    public ReadOnlyObjectProperty<@Nullable Circuit> circuitProperty() {
        return circuit.getReadOnlyProperty();
    }

    /** What that circuit does; null while that is not known. */
    public ReadOnlyObjectProperty<@Nullable Measured> measuredProperty() {
        return measured.getReadOnlyProperty();
    }

    /** The scores and runs behind it; null before the first run. */
    public ReadOnlyObjectProperty<@Nullable CircuitStudy> studyProperty() {
        return study.getReadOnlyProperty();
    }

    /** Why a circuit could not be run, empty when it could. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Goes to a larger or smaller circuit, in steps that grow with it. */
    public void step(int direction) {
        CircuitStudy now = study.get();
        if (now != null) {
            int by = direction * Math.max(1, size.get() / 20);
            size.set(Math.max(0, Math.min(now.size(), size.get() + by)));
        }
    }

    /** Looks at a fresh study; the size stays as it is where the model has not changed. */
    void take(OpenModel on, CircuitStudy fresh, Result result, CircuitGrowth grown) {
        CircuitStudy old = study.get();
        boolean sameSpace = old != null && on == model;
        drop();
        model = on;
        study.set(fresh);
        readings.take(result, grown);
        growth.set(grown);
        int start = sameSpace ? size.get() : goodSize(grown, fresh.size());
        if (start == size.get()) {
            choose();
        } else {
            size.set(start);
        }
    }

    /** The smallest circuit known to do most of the task. */
    private int goodSize(CircuitGrowth grown, int all) {
        return readings.of(grown).entrySet().stream()
                .filter(entry -> entry.getValue().faithfulness() >= GOOD)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(all);
    }

    /** Forgets everything, as when another model comes. */
    void clear() {
        drop();
        model = null;
        error.set("");
        size.set(0);
        graph.show(GraphData.NONE);
        showCurve();
    }

    /** Closing waits for a circuit that is being run, so it is a job. */
    private void drop() {
        latest.cancelAll();
        CircuitStudy old = study.get();
        study.set(null);
        circuit.set(null);
        measured.set(null);
        readings.clear();
        if (old != null) {
            jobs.submit(Job.of(Messages.get("circuit.closing"), context -> {
                old.close();
                return true;
            }));
        }
    }

    private void growthChanged() {
        latest.cancel(CURVE);
        choose();
        CircuitStudy now = study.get();
        OpenModel on = model;
        if (now == null || on == null || readings.of(growth.get()).size() > 1) {
            return;
        }
        runCurve(on, now, growth.get(), knownSizes());
    }

    private List<Integer> knownSizes() {
        CircuitGrowth other = growth.get() == CircuitGrowth.TOP ? CircuitGrowth.GREEDY : CircuitGrowth.TOP;
        return new ArrayList<>(readings.of(other).keySet());
    }

    private void runCurve(OpenModel on, CircuitStudy of, CircuitGrowth grown, List<Integer> sizes) {
        latest.submit(
                CURVE,
                Job.<Boolean>of(Messages.get("circuit.curve.running"), context -> {
                            for (int i = 0; i < sizes.size(); i++) {
                                context.checkCancelled();
                                int each = sizes.get(i);
                                Measured told = on.use(open -> of.measure(grown, each));
                                context.deliver(() -> known(of, grown, each, told));
                                context.progress(i + 1, sizes.size());
                            }
                            return true;
                        })
                        .whenFailed(failure -> error.set(FailureText.of(failure).message())));
    }

    private void choose() {
        CircuitStudy now = study.get();
        OpenModel on = model;
        latest.cancel(MEASURE);
        if (now == null || on == null) {
            return;
        }
        int count = Math.max(0, Math.min(now.size(), size.get()));
        Circuit chosen = now.circuit(growth.get(), count);
        circuit.set(chosen);
        Dims dims = on.dims();
        graph.valueTitleProperty().set(GraphOf.title(chosen.graph()));
        graph.show(GraphOf.of(chosen.graph(), new GraphPart.Columns(dims.heads(), dims.kvHeads())));
        measured.set(readings.get(growth.get(), count));
        showCurve();
        if (measured.get() == null) {
            measure(on, now, growth.get(), count);
        }
    }

    private void measure(OpenModel on, CircuitStudy of, CircuitGrowth grown, int count) {
        latest.submit(
                MEASURE,
                SLIDING,
                Job.<Measured>of(
                                Messages.get("circuit.running", Integer.toString(count)),
                                context -> on.use(open -> of.measure(grown, count)))
                        .whenDone(told -> known(of, grown, count, told))
                        .whenFailed(failure -> error.set(FailureText.of(failure).message())));
    }

    private void known(CircuitStudy of, CircuitGrowth grown, int count, Measured told) {
        if (of != study.get()) {
            return;
        }
        error.set("");
        readings.put(grown, count, told);
        if (grown == growth.get() && count == size.get()) {
            measured.set(told);
        }
        showCurve();
    }

    private void showCurve() {
        Yardstick by = yardstick.get();
        curve.yTitleProperty().set(by.words());
        curve.lineProperty().set(readings.line(growth.get(), by));
        Measured now = measured.get();
        curve.markProperty()
                .set(
                        study.get() == null
                                ? null
                                : new CurveModel.Mark(size.get(), now == null ? Double.NaN : by.of(now)));
    }
}
