package org.headscope.app.panel;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.jspecify.annotations.Nullable;

/** One panel under its heading. */
final class PanelCard extends VBox {
    private final String title;
    private @Nullable GridPanelModel grid;

    PanelCard(Panel panel) {
        this.title = panel.title();
        getStyleClass().add("panel-card");
        Label heading = new Label(title);
        heading.getStyleClass().add("heading");
        getChildren().add(heading);
        put(panel);
    }

    String title() {
        return title;
    }

    void show(Panel panel) {
        if (grid != null && panel instanceof GridPanel fresh && grid.fits(fresh)) {
            grid.show(fresh);
        } else {
            getChildren().remove(1);
            put(panel);
        }
    }

    private void put(Panel panel) {
        grid = panel instanceof GridPanel shown ? new GridPanelModel(shown) : null;
        getChildren().add(grid != null ? new GridPanelView(grid) : content(panel));
    }

    private static Node content(Panel panel) {
        if (panel instanceof Table table) {
            return new TablePanelView(table);
        }
        if (panel instanceof Curve curve) {
            return new CurvePanelView(curve);
        }
        return new GraphPanelView((EdgeGraph) panel);
    }
}
