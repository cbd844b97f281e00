package org.headscope.app.panel;

import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

/** The heading of something computed, with its {@link PanelMenu}. */
public final class PanelHead extends HBox {

    /**
     * @param heading names it, to the left
     * @param menu what can be done with it
     */
    public PanelHead(Label heading, PanelMenu menu) {
        getStyleClass().addAll("row", "panel-head");
        heading.setMaxWidth(Double.MAX_VALUE);
        setHgrow(heading, Priority.ALWAYS);
        getChildren().addAll(heading, menu);
    }
}
