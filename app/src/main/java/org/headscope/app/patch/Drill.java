package org.headscope.app.patch;

import java.util.Optional;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/**
 * The way from a grid of patches to the heads at a place and on to the tokens that a head reads there. Every look is run when
 * it is asked for; those behind stay as they are, so that going back computes nothing.
 */
public final class Drill {
    /** The place of the first grid among the looks. */
    public static final int ROOT = -1;

    private final Workbench bench;
    private final ObservableList<DrillStep> steps = FXCollections.observableArrayList();
    private final IntegerProperty shown = new SimpleIntegerProperty(this, "shown", ROOT);
    private final SimpleObjectProperty<@Nullable Place> rootPlace = new SimpleObjectProperty<>(this, "rootPlace");
    private final ReadOnlyObjectWrapper<@Nullable DrillStep> next = new ReadOnlyObjectWrapper<>(this, "next");
    private @Nullable AnalysisCall root;
    private boolean sums;

    Drill(Workbench bench) {
        this.bench = bench;
        rootPlace.subscribe(this::offer);
        shown.subscribe(this::offer);
    }

    /** The looks so far. */
    public ObservableList<DrillStep> steps() {
        return steps;
    }

    /** Which look is in sight, {@link #ROOT} for the first grid. */
    public IntegerProperty shownProperty() {
        return shown;
    }

    /** The look that what was chosen leads to; null where it leads to none. */
    public ReadOnlyObjectProperty<@Nullable DrillStep> nextProperty() {
        return next.getReadOnlyProperty();
    }

    /** Forgets all looks, as when the first grid is computed anew. */
    void clear() {
        shown.set(ROOT);
        steps.forEach(DrillStep::cancel);
        steps.clear();
        rootPlace.set(null);
        root = null;
        offer();
    }

    /**
     * Takes what was chosen in the first grid.
     *
     * @param call how it was computed
     * @param earlierToo whether earlier layers write to what was patched, as to the residual stream
     * @param place what was chosen
     */
    void begin(AnalysisCall call, boolean earlierToo, @Nullable Place place) {
        root = call;
        sums = earlierToo;
        rootPlace.set(place);
        offer();
    }

    /** Opens the offered look, or goes there when it is the one that was opened from here before. */
    public void open() {
        DrillStep step = next.get();
        AnalysisCall call = root;
        if (step == null || call == null) {
            return;
        }
        int index = shown.get() + 1;
        if (index < steps.size() && steps.get(index).title().equals(step.title())) {
            shown.set(index);
            return;
        }
        steps.subList(index, steps.size()).forEach(DrillStep::cancel);
        steps.remove(index, steps.size());
        step.chosenProperty().subscribe(this::chosen);
        steps.add(step);
        shown.set(index);
        look(step.place());
        step.start(call);
    }

    /** Runs what was stopped, or failed, once more. */
    void restart(DrillPart part) {
        AnalysisCall call = root;
        if (call != null) {
            part.start(call);
        }
    }

    /** Shows a look again. */
    public void show(int index) {
        shown.set(index);
    }

    private void chosen(@Nullable Place place) {
        look(place);
        offer();
    }

    /** A chosen head is the one that other views look at, too. */
    private void look(@Nullable Place place) {
        if (place != null && place.layer() >= 0 && place.head() >= 0) {
            bench.headProperty().set(MaskUnit.head(place.layer(), place.head()));
        }
    }

    private void offer() {
        int at = shown.get();
        Place from =
                at == ROOT ? rootPlace.get() : steps.get(at).chosenProperty().get();
        boolean last = at != ROOT && steps.get(at).isLast();
        next.set(
                from == null || last || root == null
                        ? null
                        : after(from, at == ROOT).orElse(null));
    }

    private Optional<DrillStep> after(Place from, boolean first) {
        if (from.layer() < 0) {
            return Optional.empty();
        }
        if (from.head() < 0) {
            return from.position() < 0
                    ? Optional.empty()
                    : Optional.of(DrillStep.heads(bench.services(), from, first && sums));
        }
        return Optional.of(
                from.position() < 0
                        ? DrillStep.positions(bench.services(), from)
                        : DrillStep.sources(bench.services(), from));
    }
}
