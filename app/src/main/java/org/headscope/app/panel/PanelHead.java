package org.headscope.app.panel;

import java.util.function.Supplier;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.headscope.app.picture.Sight;

/** The heading of something computed, with its {@link PanelMenu}. */
public final class PanelHead extends HBox {

    /**
     * @param heading names it, to the left
     * @param title names it to those who hear the button
     * @param actions what can be done with it
     * @param sight asked what is in sight when something is chosen
     */
    public PanelHead(Label heading, String title, PanelActions actions, Supplier<Sight> sight) {
        getStyleClass().addAll("row", "panel-head");
        heading.setMaxWidth(Double.MAX_VALUE);
        setHgrow(heading, Priority.ALWAYS);
        getChildren().addAll(heading, new PanelMenu(title, actions, sight));
    }
}
