package org.headscope.app.panel;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.text.Messages;

/** A grid panel: the cells in sight, and a slider for every axis that is not. */
public final class GridPanelView extends VBox {
    private final GridView<?> grid;

    public GridPanelView(GridPanelModel model) {
        getStyleClass().add("grid-panel");
        grid = model.cells() instanceof HeadGridModel heads
                ? new HeadGrid(heads)
                : new HeatMap((HeatMapModel) model.cells());
        grid.getStyleClass().add("result-grid");
        grid.setMaxHeight(USE_PREF_SIZE);
        setVgrow(grid, Priority.ALWAYS);
        getChildren().add(grid);
        model.cuts().stream().filter(cut -> cut.size() > 1).forEach(cut -> getChildren()
                .add(slider(cut)));
    }

    /** @return the cells */
    public GridView<?> grid() {
        return grid;
    }

    private static HBox slider(GridPanelModel.Cut cut) {
        Slider slider = new Slider(0, cut.size() - 1.0, 0);
        slider.getStyleClass().add("cut");
        slider.setMajorTickUnit(1);
        slider.setMinorTickCount(0);
        slider.setSnapToTicks(true);
        slider.setBlockIncrement(1);
        slider.valueProperty().subscribe(now -> cut.place().set((int) Math.round(now.doubleValue())));
        HBox.setHgrow(slider, Priority.ALWAYS);
        Label place = new Label();
        place.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "panel.cut",
                                cut.name(),
                                Integer.toString(cut.place().get())),
                        cut.place()));
        place.setMinWidth(USE_PREF_SIZE);
        HBox row = new HBox(slider, place);
        row.getStyleClass().add("row");
        return row;
    }
}
