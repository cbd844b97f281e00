package org.headscope.app.maskview;

import java.util.Optional;
import javafx.beans.InvalidationListener;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.mask.HeadMask;
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
        });
        compare();
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
            evaluation.start(firstRun, model, both.first());
            evaluation.start(secondRun, model, both.second());
        }
    }

    /** Stops both. */
    public void cancel() {
        firstRun.cancel();
        secondRun.cancel();
    }

    private void compare() {
        Optional<HeadMask> one = first.get() == null ? Optional.empty() : sets.mask(first.get());
        Optional<HeadMask> other = second.get() == null ? Optional.empty() : sets.mask(second.get());
        boolean fit = one.isPresent()
                && other.isPresent()
                && one.get().shape().equals(other.get().shape());
        pair.set(fit ? new MaskPair(one.get(), other.get()) : null);
    }
}
