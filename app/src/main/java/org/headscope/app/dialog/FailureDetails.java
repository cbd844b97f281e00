package org.headscope.app.dialog;

import java.nio.file.Path;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;

/** What a failure dialog shows when opened: the technical text, the place of the log, and a way to copy both. */
final class FailureDetails extends VBox {

    FailureDetails(String details, Path logFile) {
        getStyleClass().add("failure-details");
        TextArea text = new TextArea(details);
        text.setEditable(false);
        text.getStyleClass().add("failure-text");
        text.setPrefSize(620, 260);
        setVgrow(text, Priority.ALWAYS);
        Label log = new Label(Messages.get("failure.log", logFile));
        log.setWrapText(true);
        log.getStyleClass().add("muted");
        HBox.setHgrow(log, Priority.ALWAYS);
        Button copy = new Button(Messages.get("failure.copy"));
        copy.setMinWidth(Region.USE_PREF_SIZE);
        copy.setOnAction(event -> copy(details));
        HBox row = new HBox(log, copy);
        row.getStyleClass().add("row");
        getChildren().addAll(text, row);
    }

    private static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }
}
