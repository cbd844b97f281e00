package org.headscope.app.window;

import atlantafx.base.theme.Styles;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.headscope.app.text.Messages;
import org.kordamp.ikonli.javafx.FontIcon;

/** One running job in one line, with a button that stops it. */
final class JobRow extends HBox {

    JobRow(JobItem item) {
        getStyleClass().add("row");
        ProgressBar bar = new ProgressBar();
        bar.getStyleClass().add(Styles.SMALL);
        bar.progressProperty().bind(item.progressProperty());
        Label title = new Label(item.title());
        title.setMinWidth(USE_PREF_SIZE);
        Label text = new Label();
        text.getStyleClass().add("muted");
        text.textProperty().bind(item.textProperty());
        Button stop = new Button("", new FontIcon("mdi2c-close"));
        stop.getStyleClass().addAll(Styles.BUTTON_ICON, Styles.FLAT, Styles.SMALL, "stop-job");
        HBox.setHgrow(text, Priority.ALWAYS);
        text.setMaxWidth(Double.MAX_VALUE);
        stop.setAccessibleText(Messages.get("job.stop", item.title()));
        stop.setTooltip(new Tooltip(Messages.get("job.stop", item.title())));
        stop.setOnAction(event -> item.cancel());
        getChildren().addAll(bar, title, text, stop);
    }
}
