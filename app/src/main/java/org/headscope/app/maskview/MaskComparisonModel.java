package org.headscope.app.maskview;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.InvalidationListener;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** Two masks, head by head, and what each of them costs. */
public final class MaskComparisonModel {
    private final MaskSetsModel sets;
    private final MaskEvaluationModel evaluation;
    private final AnalysisRun firstRun;
    private final AnalysisRun secondRun;
    private final ObjectProperty<MaskChoice> first = new SimpleObjectProperty<>(this, "first", MaskChoice.CURRENT);
    private final ObjectProperty<MaskChoice> second = new SimpleObjectProperty<>(this, "second", MaskChoice.CURRENT);
    private final ReadOnlyObjectWrapper<@Nullable MaskPair> pair = new ReadOnlyObjectWrapper<>(this, "pair");
    private final BooleanProperty inSight = new SimpleBooleanProperty(this, "inSight");
    private final ObservableList<Panel> scores = FXCollections.observableArrayList();

    /**
     * @param sets the masks there are
     * @param evaluation has the text and the tasks that both are tried on
     */
    public MaskComparisonModel(MaskSetsModel sets, MaskEvaluationModel evaluation) {
        this.sets = sets;
        this.evaluation = evaluation;
        Workbench bench = sets.bench();
        this.firstRun = new AnalysisRun(bench.services());
        this.secondRun = new AnalysisRun(bench.services());
        InvalidationListener look = changed -> compare();
        first.addListener(look);
        second.addListener(look);
        sets.sets().addListener(look);
        bench.maskProperty().addListener(look);
        bench.modelProperty().subscribe(() -> {
            firstRun.clear();
            secondRun.clear();
            scores.clear();
        });
        inSight.subscribe(this::compare);
        firstRun.resultProperty().subscribe(this::score);
        secondRun.resultProperty().subscribe(this::score);
    }

    MaskSetsModel sets() {
        return sets;
    }

    public ObjectProperty<MaskChoice> firstProperty() {
        return first;
    }

    public ObjectProperty<MaskChoice> secondProperty() {
        return second;
    }

    /** Both masks; null while one of them is missing. */
    public ReadOnlyObjectProperty<@Nullable MaskPair> pairProperty() {
        return pair.getReadOnlyProperty();
    }

    /** Whether anybody looks; masks are compared only then. */
    public BooleanProperty inSightProperty() {
        return inSight;
    }

    /** What both cost, next to each other; empty until both were evaluated. */
    public ObservableList<Panel> scores() {
        return scores;
    }

    /** Both evaluations, where the scores come from. */
    List<Result> origins() {
        return Stream.of(firstRun, secondRun)
                .flatMap(run -> run.origins().stream())
                .toList();
    }

    /** The evaluation of the first mask. */
    public AnalysisRun firstRun() {
        return firstRun;
    }

    /** The evaluation of the second mask. */
    public AnalysisRun secondRun() {
        return secondRun;
    }

    /** Evaluates both with the text and the tasks set for evaluation. */
    public void evaluate() {
        OpenModel model = sets.bench().modelProperty().get();
        MaskPair both = pair.get();
        if (model != null && both != null) {
            scores.clear();
            evaluation.start(firstRun, model, both.first());
            evaluation.start(secondRun, model, both.second());
        }
    }

    /** Stops both. */
    public void cancel() {
        firstRun.cancel();
        secondRun.cancel();
    }

    private void score() {
        Result one = firstRun.resultProperty().get();
        Result other = secondRun.resultProperty().get();
        if (one != null && other != null) {
            scores.setAll(MaskScores.table(one, other));
        } else if (firstRun.callProperty().get() == null) {
            scores.clear();
        }
    }

    private void compare() {
        if (!inSight.get()) {
            return;
        }
        Optional<HeadMask> one = first.get() == null ? Optional.empty() : sets.mask(first.get());
        Optional<HeadMask> other = second.get() == null ? Optional.empty() : sets.mask(second.get());
        boolean fit = one.isPresent()
                && other.isPresent()
                && one.get().shape().equals(other.get().shape());
        pair.set(fit ? new MaskPair(one.get(), other.get()) : null);
    }
}
