package org.headscope.app.explore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javafx.beans.binding.Bindings;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.control.grid.HeadMarks;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the marks of a head grid and the mask in step: the grid knows which heads are marked and how far, the mask also
 * how. Mode and gate hold for heads masked from now on, and for those selected.
 */
public final class MaskEditor {
    private static final double HALF = 0.5;

    private final ObjectProperty<@Nullable HeadMask> mask;
    private final HeadGridModel grid;
    private final ObjectProperty<Mode> mode = new SimpleObjectProperty<>(this, "mode", Mode.ZERO);
    private final DoubleProperty gate = new SimpleDoubleProperty(this, "gate", HALF);

    /**
     * @param mask the mask
     * @param grid shows and changes it
     */
    public MaskEditor(ObjectProperty<@Nullable HeadMask> mask, HeadGridModel grid) {
        this.mask = mask;
        this.grid = grid;
        grid.newGateProperty().bind(Bindings.createDoubleBinding(() -> setting().keep(), mode, gate));
        mask.subscribe(this::showMask);
        grid.marksProperty().subscribe(this::takeMarks);
        mode.subscribe((before, now) -> change(selectedAndMasked()));
        gate.subscribe((before, now) -> turn());
    }

    /** How heads are masked from now on. */
    public ObjectProperty<Mode> modeProperty() {
        return mode;
    }

    /** What is left of a head in mode gate. */
    public DoubleProperty gateProperty() {
        return gate;
    }

    /** Unmasks everything. */
    public void clear() {
        HeadMask now = mask.get();
        if (now != null) {
            mask.set(HeadMask.none(now.shape()));
        }
    }

    /** @return how a head is masked from now on */
    public MaskSetting setting() {
        return mode.get() == Mode.GATE ? MaskSetting.gate(gate.get()) : MaskSetting.of(mode.get());
    }

    private void showMask(@Nullable HeadMask now) {
        grid.marksProperty().set(marks(now));
    }

    private void takeMarks(HeadMarks marks) {
        HeadMask now = mask.get();
        if (now == null || marks.equals(marks(now))) {
            return;
        }
        Set<MaskUnit> marked = new TreeSet<>();
        marks.cells().forEach(cell -> marked.add(MaskUnit.head(cell.row(), cell.column())));
        Set<MaskUnit> masked = now.units(MaskUnit.Kind.HEAD);
        List<MaskUnit> added = new ArrayList<>(marked);
        added.removeAll(masked);
        List<MaskUnit> removed = new ArrayList<>(masked);
        removed.removeAll(marked);
        mask.set(now.without(removed).with(added, setting()));
    }

    /** The slider moves the selected heads that have a gate, or all that have one. */
    private void turn() {
        if (mode.get() == Mode.GATE) {
            List<MaskUnit> selected = selectedAndMasked();
            selected.removeIf(unit -> !hasGate(unit));
            change(selected.isEmpty() ? gated() : selected);
        }
    }

    private void change(Collection<MaskUnit> units) {
        HeadMask now = mask.get();
        if (now != null && !units.isEmpty()) {
            mask.set(now.with(units, setting()));
        }
    }

    private List<MaskUnit> selectedAndMasked() {
        HeadMask now = mask.get();
        List<MaskUnit> units = new ArrayList<>();
        for (GridCell cell : grid.selection()) {
            MaskUnit unit = MaskUnit.head(cell.row(), cell.column());
            if (now != null && now.setting(unit).isPresent()) {
                units.add(unit);
            }
        }
        return units;
    }

    private List<MaskUnit> gated() {
        HeadMask now = mask.get();
        return now == null
                ? List.of()
                : now.units(MaskUnit.Kind.HEAD).stream().filter(this::hasGate).toList();
    }

    private boolean hasGate(MaskUnit unit) {
        HeadMask now = mask.get();
        return now != null
                && now.setting(unit)
                        .map(MaskSetting::mode)
                        .filter(Mode.GATE::equals)
                        .isPresent();
    }

    private static HeadMarks marks(@Nullable HeadMask mask) {
        TreeMap<GridCell, Double> gates = new TreeMap<>();
        if (mask != null) {
            for (MaskUnit unit : mask.units(MaskUnit.Kind.HEAD)) {
                gates.put(
                        new GridCell(unit.layer(), unit.head()),
                        mask.setting(unit).orElse(MaskSetting.ZERO).keep());
            }
        }
        return new HeadMarks(gates);
    }
}
