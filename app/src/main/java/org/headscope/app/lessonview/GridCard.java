package org.headscope.app.lessonview;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.GridPanel;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.panel.GridPanelModel;
import org.headscope.app.panel.GridPanelView;

/** A grid of a result under its heading, whose cells can be chosen. */
final class GridCard extends VBox {
    private final GridPanelModel model;

    GridCard(GridPanel panel, BiConsumer<GridPanel, List<Integer>> chosen) {
        model = new GridPanelModel(panel);
        getStyleClass().add("panel-card");
        Label heading = new Label(panel.title());
        heading.getStyleClass().add("heading");
        heading.setWrapText(true);
        heading.setMinHeight(USE_PREF_SIZE);
        getChildren().addAll(heading, new GridPanelView(model));
        model.chosenProperty().subscribe(at -> {
            if (at != null) {
                chosen.accept(model.panel(), at);
            }
        });
    }

    String title() {
        return model.panel().title();
    }

    boolean fits(GridPanel fresh) {
        return model.fits(fresh);
    }

    void show(GridPanel fresh) {
        model.show(fresh);
    }

    /** Points at a cell, moving the cut to where it can be seen. */
    void pointAt(List<Integer> at) {
        for (GridPanelModel.Cut cut : model.cuts()) {
            cut.place().set(at.get(cut.axis()));
        }
        List<Integer> seen = IntStream.range(0, at.size())
                .filter(axis -> model.cuts().stream().noneMatch(cut -> cut.axis() == axis))
                .mapToObj(at::get)
                .toList();
        model.cells().cursorProperty().set(new GridCell(seen.get(0), seen.get(1)));
    }
}
