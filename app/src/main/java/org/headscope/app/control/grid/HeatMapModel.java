package org.headscope.app.control.grid;

import java.util.function.Function;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;

/** A heat map: any grid of numbers, of which a part may be looked at closely. */
public final class HeatMapModel extends GridModel {
    private final ObjectProperty<GridWindow> window =
            new SimpleObjectProperty<>(this, "window", GridWindow.all(GridValues.NONE));
    private final BooleanProperty square = new SimpleBooleanProperty(this, "square", false);
    private final IntegerProperty leftOut = new SimpleIntegerProperty(this, "leftOut", 0);

    private final ObjectProperty<@Nullable Function<GridCell, String>> cellText =
            new SimpleObjectProperty<>(this, "cellText");
    private final ObjectProperty<@Nullable Function<GridCell, String>> cellDetails =
            new SimpleObjectProperty<>(this, "cellDetails");

    public HeatMapModel() {
        valuesProperty().subscribe((before, now) -> {
            if (before.rows() != now.rows() || before.columns() != now.columns()) {
                showAll();
            }
        });
        leftOut.subscribe((before, now) -> {
            boolean all = window.get().columns() >= values().columns() - before.intValue();
            if (all) {
                showAll();
            } else {
                look(window.get());
            }
            moveCursor(0, 0);
        });
    }

    /** How many columns at the left are left out of sight, as the first position of attention patterns may be. */
    public IntegerProperty leftOutProperty() {
        return leftOut;
    }

    /** The cells in sight. */
    public ObjectProperty<GridWindow> windowProperty() {
        return window;
    }

    /** Whether cells are as wide as high, as for attention patterns. */
    public BooleanProperty squareProperty() {
        return square;
    }

    /** What is written on a cell that has room for it; null, the usual case, for nothing. */
    public ObjectProperty<@Nullable Function<GridCell, String>> cellTextProperty() {
        return cellText;
    }

    /** A cell in words where its place and its number do not say enough; null, the usual case, where they do. */
    public ObjectProperty<@Nullable Function<GridCell, String>> cellDetailsProperty() {
        return cellDetails;
    }

    @Override
    public String describe(GridCell cell) {
        Function<GridCell, String> words = cellDetails.get();
        return words == null ? super.describe(cell) : words.apply(cell);
    }

    /** Looks closer (factor below 1) or from farther away. */
    public void zoom(double factor, GridCell fixed) {
        look(window.get().zoom(factor, fixed, values()));
    }

    /** Shows everything again. */
    public void showAll() {
        look(GridWindow.all(values()));
    }

    public void pan(int byRows, int byColumns) {
        look(window.get().moved(byRows, byColumns, values()));
    }

    private void look(GridWindow wanted) {
        window.set(wanted.from(Math.min(leftOut.get(), Math.max(0, values().columns() - 1)), values()));
    }

    @Override
    public void moveCursor(int byRows, int byColumns) {
        if (cursorProperty().get() == null && byRows == 0 && byColumns == 0) {
            return;
        }
        super.moveCursor(byRows, byColumns);
        GridCell now = cursorProperty().get();
        if (now != null) {
            GridCell seen =
                    new GridCell(now.row(), Math.max(now.column(), Math.min(leftOut.get(), values().columns() - 1)));
            cursorProperty().set(seen);
            look(window.get().showing(seen, values()));
        }
    }
}
