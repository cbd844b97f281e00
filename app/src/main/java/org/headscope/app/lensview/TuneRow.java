package org.headscope.app.lensview;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** Trains the tuned lens where one is wanted, and says how good it is; takes no room with the logit lens. */
final class TuneRow extends VBox {

    TuneRow(LensViewModel model) {
        getStyleClass().add("tune-row");
        Label quality = new Label();
        quality.setId("quality");
        quality.setWrapText(true);
        quality.setMinHeight(USE_PREF_SIZE);
        quality.visibleProperty().bind(quality.textProperty().isNotEmpty());
        quality.managedProperty().bind(quality.visibleProperty());
        model.lensProperty().subscribe(() -> quality.setText(model.quality()));
        Label why = new Label(Messages.get("lens.untrained"));
        why.setWrapText(true);
        why.setMinHeight(USE_PREF_SIZE);
        why.getStyleClass().add("muted");
        why.visibleProperty().bind(model.untrainedProperty());
        why.managedProperty().bind(why.visibleProperty());
        getChildren()
                .addAll(why, row(model), quality, new ErrorLabel(model.trainer().errorProperty()));
        model.kindProperty().subscribe(kind -> setVisible(kind == LensKind.TUNED));
        managedProperty().bind(visibleProperty());
    }

    private static HBox row(LensViewModel model) {
        LensTrainer trainer = model.trainer();
        TextField text = new TextField();
        text.setId("train-text");
        text.setPromptText(Messages.get("lens.trainText.hint"));
        text.setTooltip(new Tooltip(Messages.get("lens.trainText.help")));
        text.textProperty().bindBidirectional(model.trainTextProperty());
        text.disableProperty().bind(trainer.runningProperty());
        HBox.setHgrow(text, Priority.ALWAYS);
        Button train = new Button(Messages.get("lens.train"), new FontIcon("mdi2p-play"));
        train.setId("train");
        train.getStyleClass().add("accent");
        train.setMinWidth(USE_PREF_SIZE);
        train.setOnAction(event -> model.train());
        train.disableProperty()
                .bind(trainer.runningProperty().or(model.untrainedProperty().not()));
        Button stop = new Button(Messages.get("run.stop"), new FontIcon("mdi2s-stop"));
        stop.setId("stop-training");
        stop.setMinWidth(USE_PREF_SIZE);
        stop.setOnAction(event -> trainer.cancel());
        stop.disableProperty().bind(trainer.runningProperty().not());
        ProgressBar bar = new ProgressBar();
        bar.setId("training");
        bar.progressProperty().bind(trainer.progressProperty());
        bar.visibleProperty().bind(trainer.runningProperty());
        Label message = new Label();
        message.getStyleClass().add("muted");
        message.textProperty().bind(trainer.messageProperty());
        message.visibleProperty().bind(trainer.runningProperty());
        HBox row = new HBox(Choices.label(Messages.get("lens.trainText"), text), text, train, stop, bar, message);
        row.getStyleClass().add("row");
        return row;
    }
}
