package org.headscope.app.workbench;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import org.headscope.app.text.Messages;
import org.kordamp.ikonli.javafx.FontIcon;

/** Starts and stops an analysis, shows how far it is, and copies the command line that repeats it. */
public final class RunBar extends HBox {

    /**
     * @param run what is run
     * @param start starts it
     */
    public RunBar(BackgroundRun run, Runnable start) {
        getStyleClass().addAll("row", "run-bar");
        Button go = new Button(Messages.get("run.start"), new FontIcon("mdi2p-play"));
        go.setId("run");
        go.getStyleClass().add("accent");
        go.setMinWidth(USE_PREF_SIZE);
        go.setOnAction(event -> start.run());
        go.disableProperty().bind(run.runningProperty());
        Button stop = new Button(Messages.get("run.stop"), new FontIcon("mdi2s-stop"));
        stop.setId("stop");
        stop.setMinWidth(USE_PREF_SIZE);
        stop.setOnAction(event -> run.cancel());
        stop.disableProperty().bind(run.runningProperty().not());
        ProgressBar bar = new ProgressBar();
        bar.progressProperty().bind(run.progressProperty());
        bar.visibleProperty().bind(run.runningProperty());
        Label message = new Label();
        message.getStyleClass().add("muted");
        message.textProperty().bind(run.messageProperty());
        message.visibleProperty().bind(run.runningProperty());
        getChildren().addAll(go, stop, copy(run), bar, message);
    }

    private static Button copy(BackgroundRun run) {
        Button copy = new Button("", new FontIcon("mdi2c-console"));
        copy.setId("copy-command");
        copy.getStyleClass().addAll("button-icon", "flat");
        copy.setAccessibleText(Messages.get("run.copy"));
        Tooltip line = new Tooltip(Messages.get("run.copy"));
        copy.setTooltip(line);
        run.commandProperty().subscribe(command -> {
            copy.setDisable(command.isEmpty());
            line.setText(command.isEmpty() ? Messages.get("run.copy") : Messages.get("run.copy.line", command));
        });
        copy.setOnAction(event -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(run.commandProperty().get());
            Clipboard.getSystemClipboard().setContent(content);
        });
        return copy;
    }
}
