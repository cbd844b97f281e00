package org.headscope.app.workbench;

import javafx.beans.value.ObservableValue;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import org.kordamp.ikonli.javafx.FontIcon;

/** What went wrong, in the place where it did; takes no room while nothing did. */
public final class ErrorLabel extends Label {

    /** @param message the words, empty for none */
    public ErrorLabel(ObservableValue<String> message) {
        super("", new FontIcon("mdi2a-alert-circle-outline"));
        getStyleClass().add("error-label");
        setWrapText(true);
        setMinHeight(USE_PREF_SIZE);
        setMaxWidth(Double.MAX_VALUE);
        setAccessibleRole(AccessibleRole.TEXT);
        textProperty().bind(message);
        visibleProperty().bind(textProperty().isNotEmpty());
        managedProperty().bind(visibleProperty());
    }
}
