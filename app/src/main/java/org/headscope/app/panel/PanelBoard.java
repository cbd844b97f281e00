package org.headscope.app.panel;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.Panel;
import org.jspecify.annotations.Nullable;

/** All panels of a result, one below the other; a panel that changes keeps its place, its cut and its cursor. */
public final class PanelBoard extends VBox {

    private final @Nullable PanelActions actions;

    /** @param panels what to show, followed as it changes; without ways to save them */
    public PanelBoard(ObservableList<Panel> panels) {
        this(panels, null);
    }

    /**
     * @param panels what to show, followed as it changes
     * @param actions what can be done with each
     */
    public PanelBoard(ObservableList<Panel> panels, @Nullable PanelActions actions) {
        this.actions = actions;
        getStyleClass().add("panel-board");
        panels.subscribe(() -> show(panels));
        show(panels);
    }

    private void show(List<Panel> panels) {
        List<Node> cards = new ArrayList<>();
        for (Panel panel : panels) {
            cards.add(card(panel));
        }
        getChildren().setAll(cards);
    }

    private PanelCard card(Panel panel) {
        for (Node node : getChildren()) {
            if (node instanceof PanelCard card && card.title().equals(panel.title())) {
                card.show(panel);
                return card;
            }
        }
        return new PanelCard(panel, actions);
    }
}
