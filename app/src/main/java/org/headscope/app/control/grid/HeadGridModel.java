package org.headscope.app.control.grid;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** Layers by heads: a number for each head, the heads that are masked, and a selection to act on. */
public final class HeadGridModel extends GridModel {
    private final ObjectProperty<HeadMarks> marks = new SimpleObjectProperty<>(this, "marks", HeadMarks.NONE);
    private final DoubleProperty newGate = new SimpleDoubleProperty(this, "newGate", 0);
    private final BooleanProperty togglable = new SimpleBooleanProperty(this, "togglable", true);
    private final BooleanProperty numbersShown = new SimpleBooleanProperty(this, "numbersShown", false);
    private final ObjectProperty<Set<GridCell>> outlined = new SimpleObjectProperty<>(this, "outlined", Set.of());
    private final ObjectProperty<@Nullable GridCell> anchor = new SimpleObjectProperty<>(this, "anchor");

    public HeadGridModel() {
        rowTitleProperty().set(Messages.get("grid.layer"));
        columnTitleProperty().set(Messages.get("grid.head"));
        cursorProperty().subscribe(now -> {
            if (now == null) {
                anchor.set(null);
            }
        });
    }

    /** The masked heads. */
    public ObjectProperty<HeadMarks> marksProperty() {
        return marks;
    }

    public HeadMarks marks() {
        return marks.get();
    }

    /** What is left of heads that are marked from now on: 0 switches them off. */
    public DoubleProperty newGateProperty() {
        return newGate;
    }

    /** Whether clicks and keys mask heads; off in grids that only show a result. */
    public BooleanProperty togglableProperty() {
        return togglable;
    }

    /** Whether numbers are written into cells that have room for them. */
    public BooleanProperty numbersShownProperty() {
        return numbersShown;
    }

    /** Heads to point out, such as those that meet a condition; drawn with a frame. */
    public ObjectProperty<Set<GridCell>> outlinedProperty() {
        return outlined;
    }

    /** The fixed corner of the selection; the cursor is the other one. */
    ObjectProperty<@Nullable GridCell> anchorProperty() {
        return anchor;
    }

    /** Moves the cursor to a cell; extending keeps the other corner of the selection. */
    public void moveTo(GridCell cell, boolean extend) {
        if (values().contains(cell)) {
            if (!extend || anchor.get() == null) {
                anchor.set(
                        extend && cursorProperty().get() != null
                                ? cursorProperty().get()
                                : cell);
            }
            cursorProperty().set(cell);
        }
    }

    @Override
    public void moveCursor(int byRows, int byColumns) {
        target(byRows, byColumns).ifPresent(cell -> moveTo(cell, false));
    }

    /** Moves the cursor while the other corner of the selection stays. */
    public void extendSelection(int byRows, int byColumns) {
        target(byRows, byColumns).ifPresent(cell -> moveTo(cell, true));
    }

    /** @return the cells of the rectangle between the fixed corner and the cursor, in reading order */
    public List<GridCell> selection() {
        GridCell end = cursorProperty().get();
        if (end == null) {
            return List.of();
        }
        GridCell corner = anchor.get();
        GridCell start = corner == null || !values().contains(corner) ? end : corner;
        List<GridCell> cells = new ArrayList<>();
        for (int row = Math.min(start.row(), end.row()); row <= Math.max(start.row(), end.row()); row++) {
            for (int column = Math.min(start.column(), end.column());
                    column <= Math.max(start.column(), end.column());
                    column++) {
                cells.add(new GridCell(row, column));
            }
        }
        return cells;
    }

    /** Masks the selected heads, or unmasks them when all of them are masked. */
    public void toggleSelection() {
        toggle(selection());
    }

    /** Masks a whole layer, or unmasks it when all its heads are masked. */
    public void toggleLayer(int layer) {
        List<GridCell> cells = new ArrayList<>();
        for (int head = 0; head < values().columns(); head++) {
            cells.add(new GridCell(layer, head));
        }
        toggle(cells);
    }

    /** Masks the head of that number in every layer, or unmasks it when it is masked in all of them. */
    public void toggleHeadInAllLayers(int head) {
        List<GridCell> cells = new ArrayList<>();
        for (int layer = 0; layer < values().rows(); layer++) {
            cells.add(new GridCell(layer, head));
        }
        toggle(cells);
    }

    /** Masks cells, or unmasks them when all of them are masked; does nothing in a grid that only shows. */
    public void toggle(Collection<GridCell> cells) {
        if (togglable.get() && !cells.isEmpty()) {
            marks.set(marks().toggled(cells, newGate.get()));
        }
    }

    @Override
    public String describe(GridCell cell) {
        String place = super.describe(cell);
        if (!marks().contains(cell)) {
            return place;
        }
        double gate = marks().gate(cell);
        return gate == 0
                ? Messages.get("grid.masked", place)
                : Messages.get("grid.turnedDown", place, Long.toString(Math.round(gate * 100)));
    }
}
