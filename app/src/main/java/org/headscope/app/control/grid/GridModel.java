package org.headscope.app.control.grid;

import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/**
 * What a grid shows and what is pointed at in it. Needs no toolkit; changed on the window's thread only.
 */
public class GridModel {
    private final ObjectProperty<GridValues> values = new SimpleObjectProperty<>(this, "values", GridValues.NONE);
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
    private final ObjectProperty<ScaleKind> scaleKind =
            new SimpleObjectProperty<>(this, "scaleKind", ScaleKind.DIVERGING);
    private final ObjectProperty<@Nullable ValueRange> fixedRange = new SimpleObjectProperty<>(this, "fixedRange");
    private final BooleanProperty numbered = new SimpleBooleanProperty(this, "numbered", true);
    private final ObservableList<String> rowLabels = FXCollections.observableArrayList();
    private final ObservableList<String> columnLabels = FXCollections.observableArrayList();
    private final StringProperty rowTitle = new SimpleStringProperty(this, "rowTitle", "");
    private final StringProperty columnTitle = new SimpleStringProperty(this, "columnTitle", "");
    private final StringProperty valueTitle = new SimpleStringProperty(this, "valueTitle", "");
    private final ObjectProperty<@Nullable GridCell> cursor = new SimpleObjectProperty<>(this, "cursor");
    private final ObjectProperty<@Nullable GridCell> hovered = new SimpleObjectProperty<>(this, "hovered");
    private final ObjectProperty<@Nullable Consumer<GridCell>> onCellChosen =
            new SimpleObjectProperty<>(this, "onCellChosen");

    protected GridModel() {
        values.subscribe(this::valuesReplaced);
    }

    /** The numbers; a grid of another shape drops a cursor that no longer fits. */
    public final ObjectProperty<GridValues> valuesProperty() {
        return values;
    }

    public final GridValues values() {
        return values.get();
    }

    /** Counts changes of the numbers, whether single cells or all of them. */
    public final ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    /**
     * Fills one cell, as results stream in.
     *
     * @throws IndexOutOfBoundsException when the grid has no such cell
     */
    public final void setCell(int row, int column, double value) {
        GridCell cell = new GridCell(row, column);
        if (!values().contains(cell)) {
            throw new IndexOutOfBoundsException(
                    "no cell " + cell + " in a grid of " + values().rows() + " x " + values().columns());
        }
        values().set(row, column, (float) value);
        revision.set(revision.get() + 1);
    }

    public final ObjectProperty<ScaleKind> scaleKindProperty() {
        return scaleKind;
    }

    /** Ends of the colour scale; null, the usual case, fits them to the numbers. */
    public final ObjectProperty<@Nullable ValueRange> fixedRangeProperty() {
        return fixedRange;
    }

    /** @return the ends of the colour scale now */
    public final ValueRange range() {
        ValueRange fixed = fixedRange.get();
        return fixed != null ? fixed : ValueRange.containing(scaleKind.get(), values().smallest(), values().largest());
    }

    /** Whether cells carry numbers at all; off for a grid that is only there to point at cells. */
    public final BooleanProperty numberedProperty() {
        return numbered;
    }

    /** Names of the rows; a row without one is shown by its number. */
    public final ObservableList<String> rowLabels() {
        return rowLabels;
    }

    /** Names of the columns; a column without one is shown by its number. */
    public final ObservableList<String> columnLabels() {
        return columnLabels;
    }

    /** What rows are, such as "layer". */
    public final StringProperty rowTitleProperty() {
        return rowTitle;
    }

    /** What columns are, such as "head" or "position". */
    public final StringProperty columnTitleProperty() {
        return columnTitle;
    }

    /** What the numbers are, such as "logit difference". */
    public final StringProperty valueTitleProperty() {
        return valueTitle;
    }

    /** The cell that keys act on and inspectors show. */
    public final ObjectProperty<@Nullable GridCell> cursorProperty() {
        return cursor;
    }

    /** The cell under the mouse. */
    public final ObjectProperty<@Nullable GridCell> hoveredProperty() {
        return hovered;
    }

    /** Called when a cell is clicked or Enter is pressed on it. */
    public final ObjectProperty<@Nullable Consumer<GridCell>> onCellChosenProperty() {
        return onCellChosen;
    }

    public final void setOnCellChosen(Consumer<GridCell> action) {
        onCellChosen.set(action);
    }

    /** Tells whoever wants to know that a cell was chosen. */
    public final void choose(GridCell cell) {
        Consumer<GridCell> action = onCellChosen.get();
        if (action != null && values().contains(cell)) {
            action.accept(cell);
        }
    }

    /** Moves the cursor by some cells, staying inside; without a cursor it goes to the first cell. */
    public void moveCursor(int byRows, int byColumns) {
        target(byRows, byColumns).ifPresent(cursor::set);
    }

    /** @return where the cursor would go */
    protected final Optional<GridCell> target(int byRows, int byColumns) {
        if (values().isEmpty()) {
            return Optional.empty();
        }
        GridCell now = cursor.get();
        if (now == null) {
            return Optional.of(new GridCell(0, 0));
        }
        return Optional.of(new GridCell(
                Math.max(0, Math.min(values().rows() - 1, now.row() + byRows)),
                Math.max(0, Math.min(values().columns() - 1, now.column() + byColumns))));
    }

    public final String rowLabel(int row) {
        return row < rowLabels.size() ? rowLabels.get(row) : Integer.toString(row);
    }

    public final String columnLabel(int column) {
        return column < columnLabels.size() ? columnLabels.get(column) : Integer.toString(column);
    }

    /** @return a cell in words: its place and its number */
    public String describe(GridCell cell) {
        float value = values().get(cell);
        String where = place(rowTitle.get(), cell.row(), rowLabel(cell.row())) + ", "
                + place(columnTitle.get(), cell.column(), columnLabel(cell.column()));
        if (!numbered.get()) {
            return where;
        }
        return where + ": " + (Float.isNaN(value) ? Messages.get("grid.notComputed") : Ticks.format(value));
    }

    private static String place(String title, int index, String label) {
        String number = title.isEmpty() ? Integer.toString(index) : title + " " + index;
        return label.equals(Integer.toString(index)) ? number : Messages.get("grid.named", number, label);
    }

    private void valuesReplaced(GridValues now) {
        GridCell old = cursor.get();
        if (old != null && !now.contains(old)) {
            cursor.set(null); // first: whoever hears of the rest may describe it
        }
        hovered.set(null);
        revision.set(revision.get() + 1);
    }
}
