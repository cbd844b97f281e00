package org.headscope.app.window;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** The right side: what the shown view knows about its selection. */
final class InspectorView extends VBox {
    private final ScrollPane scroll = new ScrollPane();
    private final Label nothing = new Label(Messages.get("inspector.nothing"));

    InspectorView() {
        getStyleClass().add("inspector");
        Label heading = new Label(Messages.get("inspector.title"));
        heading.getStyleClass().add("heading");
        nothing.setWrapText(true);
        nothing.getStyleClass().add("muted");
        scroll.setFitToWidth(true);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().addAll(heading, scroll);
        show(null);
    }

    void show(@Nullable Node content) {
        scroll.setContent(content == null ? nothing : content);
    }
}
