package org.headscope.app.panel;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.app.picture.Sight;
import org.jspecify.annotations.Nullable;

/** One panel under its heading. */
final class PanelCard extends VBox {
    private final String title;
    private Panel panel;
    private @Nullable GridPanelModel grid;

    PanelCard(Panel panel) {
        this.title = panel.title();
        this.panel = panel;
        getStyleClass().add("panel-card");
        getChildren().add(heading());
        put(panel);
    }

    private Label heading() {
        Label heading = new Label(title);
        heading.getStyleClass().add("heading");
        return heading;
    }

    /** Puts a menu beside the heading. */
    void add(PanelMenu menu) {
        getChildren().set(0, new PanelHead(heading(), menu));
    }

    Sight sight() {
        return grid == null ? Sight.whole(panel) : grid.sight();
    }

    String title() {
        return title;
    }

    void show(Panel now) {
        panel = now;
        if (grid != null && now instanceof GridPanel fresh && grid.fits(fresh)) {
            grid.show(fresh);
        } else {
            getChildren().remove(1);
            put(now);
        }
    }

    private void put(Panel now) {
        grid = now instanceof GridPanel shown ? new GridPanelModel(shown) : null;
        getChildren().add(grid != null ? new GridPanelView(grid) : content(now));
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
