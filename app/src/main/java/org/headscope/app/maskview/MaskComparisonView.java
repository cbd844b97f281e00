package org.headscope.app.maskview;

import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.Property;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.headscope.app.panel.PanelBoard;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** Two masks to choose, the heads in which they differ, and what both cost. */
final class MaskComparisonView extends VBox {

    MaskComparisonView(MaskComparisonModel model) {
        getStyleClass().addAll("half", "mask-tab");
        StackPane grid = new StackPane();
        grid.getStyleClass().add("pair-place");
        model.pairProperty()
                .subscribe(pair -> grid.getChildren().setAll(pair == null ? nothing() : new MaskPairGrid(pair)));
        VBox all = new VBox(
                grid,
                evaluate(model),
                new PanelBoard(model.scores(), model.sets().bench().services(), model::origins));
        all.getStyleClass().add("half");
        ScrollPane scroll = new ScrollPane(all);
        scroll.getStyleClass().add("setup");
        scroll.setFitToWidth(true);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().addAll(choices(model), scroll);
    }

    private static Node choices(MaskComparisonModel model) {
        FlowPane row = new FlowPane(
                pick(Messages.get("mask.compare.a"), "compare-first", model, model.firstProperty()),
                pick(Messages.get("mask.compare.b"), "compare-second", model, model.secondProperty()));
        row.getStyleClass().add("tool-flow");
        return row;
    }

    private static Node pick(String name, String id, MaskComparisonModel model, Property<MaskChoice> chosen) {
        ComboBox<MaskChoice> box = Choices.of(model.sets().choices(), MaskChoice::label, chosen);
        box.setId(id);
        box.setItems(model.sets().choices());
        HBox pair = new HBox(Choices.label(name, box), box);
        pair.getStyleClass().add("row");
        return pair;
    }

    private static Node evaluate(MaskComparisonModel model) {
        BooleanBinding running =
                model.firstRun().runningProperty().or(model.secondRun().runningProperty());
        Button go = new Button(Messages.get("mask.compare.evaluate"), new FontIcon("mdi2p-play"));
        go.setId("compare-evaluate");
        go.setMinWidth(USE_PREF_SIZE);
        go.setOnAction(event -> model.evaluate());
        go.disableProperty().bind(running);
        Button stop = new Button(Messages.get("run.stop"), new FontIcon("mdi2s-stop"));
        stop.setId("compare-stop");
        stop.setMinWidth(USE_PREF_SIZE);
        stop.setOnAction(event -> model.cancel());
        stop.disableProperty().bind(running.not());
        ProgressBar bar = new ProgressBar();
        bar.progressProperty()
                .bind(model.firstRun()
                        .progressProperty()
                        .add(model.secondRun().progressProperty())
                        .divide(2));
        bar.visibleProperty().bind(running);
        Label with = new Label(Messages.get("mask.compare.with"));
        with.getStyleClass().add("muted");
        FlowPane row = new FlowPane(go, stop, bar, with);
        row.getStyleClass().add("tool-flow");
        VBox all = new VBox(
                row,
                new ErrorLabel(model.firstRun().errorProperty()),
                new ErrorLabel(model.secondRun().errorProperty()));
        all.getStyleClass().add("half");
        return all;
    }

    private static Node nothing() {
        Label label = new Label(Messages.get("mask.compare.missing"));
        label.getStyleClass().add("muted");
        return label;
    }
}
