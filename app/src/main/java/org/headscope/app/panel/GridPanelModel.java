package org.headscope.app.panel;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridModel;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.picture.GridSlice;
import org.headscope.app.picture.Sight;
import org.jspecify.annotations.Nullable;

/** A grid panel as it is looked at: which cut of it is seen, and which cell is pointed at. */
public final class GridPanelModel {
    private final GridModel cells;
    private final List<Cut> cuts = new ArrayList<>();
    private final ReadOnlyObjectWrapper<@Nullable List<Integer>> chosen = new ReadOnlyObjectWrapper<>(this, "chosen");
    private GridPanel panel;
    private GridSlice slice;

    /**
     * A slider over an axis that is not seen.
     *
     * @param axis which
     * @param name what it is called
     * @param size how many places it has
     * @param place where it stands
     */
    public record Cut(int axis, String name, int size, IntegerProperty place) {}

    /** @param panel what is looked at first; later ones have the same axes */
    public GridPanelModel(GridPanel panel) {
        this.panel = panel;
        this.slice = GridSlice.of(panel);
        this.cells = panel instanceof HeadGrid ? heads() : map(panel);
        cells.setOnCellChosen(this::choose);
        Grid grid = panel.grid();
        slice.cutAxes(grid).forEach(axis -> addCut(axis, grid.axes().get(axis)));
        show(panel);
    }

    private void addCut(int axis, Axis named) {
        IntegerProperty place = new SimpleIntegerProperty(this, named.name(), 0);
        place.subscribe((before, now) -> {
            slice = slice.at(axis, now.intValue());
            cells.valuesProperty().set(slice.values(panel.grid()));
        });
        cuts.add(new Cut(axis, words(named.name()), named.size(), place));
    }

    private static GridModel heads() {
        HeadGridModel model = new HeadGridModel();
        model.togglableProperty().set(false);
        model.numbersShownProperty().set(true);
        return model;
    }

    private static GridModel map(GridPanel panel) {
        HeatMapModel model = new HeatMapModel();
        model.squareProperty().set(panel instanceof AttentionMap || panel instanceof HeadPairGrid);
        return model;
    }

    /** The cells in sight. */
    public GridModel cells() {
        return cells;
    }

    /** Sliders over the axes that are not seen. */
    public List<Cut> cuts() {
        return List.copyOf(cuts);
    }

    /** The chosen cell, as indices of the whole grid; null before one is. */
    public ReadOnlyObjectProperty<@Nullable List<Integer>> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    public GridPanel panel() {
        return panel;
    }

    /** What is in sight, for pictures and tables. */
    public Sight sight() {
        return Sight.cut(panel, slice);
    }

    /** @return whether a panel can take the place of this one without a new view */
    public boolean fits(GridPanel other) {
        return other.getClass() == panel.getClass()
                && other.grid().axes().equals(panel.grid().axes());
    }

    /** Shows other numbers over the same axes, as they stream in. */
    public void show(GridPanel fresh) {
        panel = fresh;
        Grid grid = fresh.grid();
        Quantity quantity = fresh.quantity();
        cells.scaleKindProperty().set(quantity.zeroCentred() ? ScaleKind.DIVERGING : ScaleKind.SEQUENTIAL);
        cells.valueTitleProperty().set(title(quantity));
        cells.rowTitleProperty().set(words(slice.rowAxis(grid).name()));
        cells.columnTitleProperty().set(words(slice.columnAxis(grid).name()));
        cells.rowLabels().setAll(labels(slice.rowAxis(grid)));
        cells.columnLabels().setAll(labels(slice.columnAxis(grid)));
        cells.valuesProperty().set(slice.values(grid));
    }

    /** Points at a cell. */
    public void choose(GridCell cell) {
        List<Integer> whole = new ArrayList<>();
        for (int index : slice.whole(cell.row(), cell.column())) {
            whole.add(index);
        }
        chosen.set(whole);
    }

    private static List<String> labels(Axis axis) {
        return axis.labels().stream().map(VisibleText::of).toList();
    }

    private static String title(Quantity quantity) {
        return quantity.unit().isEmpty() ? quantity.name() : quantity.name() + " (" + quantity.unit() + ")";
    }

    private static String words(String axis) {
        return axis.replace('_', ' ');
    }
}
