package org.headscope.app.explore;

import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.panel.PanelHead;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.PromptBar;

/** Mask heads on the left, see what becomes of the prediction on the right. */
public final class ExploreView implements WorkView {
    private final ExploreViewModel model;
    private final ExploreTakes takes;
    private final Node inspector;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     * @param inspector tells about the head that is pointed at
     */
    public ExploreView(ExploreViewModel model, Node empty, Node inspector) {
        this.model = model;
        this.takes = new ExploreTakes(model);
        this.inspector = inspector;
        HBox halves = new HBox(heads(), prediction());
        halves.getStyleClass().add("halves");
        VBox.setVgrow(halves, Priority.ALWAYS);
        VBox content = new VBox(new PromptBar(model.bench()), halves);
        content.getStyleClass().add("work");
        this.node = new BenchPane(model.bench(), empty, content);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public Optional<Node> inspector() {
        return Optional.of(inspector);
    }

    private Node heads() {
        HeadGrid grid = new HeadGrid(model.grid());
        grid.setId("heads");
        grid.setMaxHeight(Region.USE_PREF_SIZE); // what belongs to the grid stays close to it
        VBox.setVgrow(grid, Priority.ALWAYS);
        VBox left = new VBox(scores(), new ErrorLabel(model.scores().errorProperty()), grid, new MaskTools(model));
        left.getStyleClass().add("half");
        left.setMinWidth(280);
        HBox.setHgrow(left, Priority.ALWAYS);
        return left;
    }

    private Node scores() {
        ComboBox<HeadScore> scores = Choices.of(
                model.scores().choices(), HeadScore::label, model.scores().chosenProperty());
        scores.setId("score");
        scores.setMinWidth(120);
        CheckBox numbers = new CheckBox(Messages.get("explore.numbers"));
        numbers.setId("numbers");
        numbers.setMinWidth(Region.USE_PREF_SIZE);
        numbers.selectedProperty().bindBidirectional(model.numbersShownProperty());
        numbers.disableProperty().bind(model.grid().numberedProperty().not());
        ProgressIndicator busy = new ProgressIndicator();
        busy.getStyleClass().add("busy");
        busy.visibleProperty().bind(model.scores().busyProperty());
        busy.managedProperty().bind(busy.visibleProperty());
        PanelMenu menu =
                new PanelMenu(Messages.get("explore.score"), model.bench().services(), takes::scores);
        menu.setId("score-menu");
        menu.visibleProperty().bind(model.grid().numberedProperty());
        HBox row = new HBox(Choices.label(Messages.get("explore.score"), scores), scores, numbers, busy, menu);
        row.getStyleClass().add("row");
        return row;
    }

    private Node prediction() {
        PredictionTable table = new PredictionTable(model.predictions(), model.followed());
        VBox.setVgrow(table, Priority.ALWAYS);
        ReceiptList receipts = new ReceiptList(model.receipts());
        receipts.setPrefHeight(130);
        receipts.setMinHeight(80);
        VBox right = new VBox(
                predictionHead(), table, followed(), summary(), heading(Messages.get("explore.receipts")), receipts);
        right.getStyleClass().add("half");
        right.setMinWidth(320);
        right.setPrefWidth(420);
        HBox.setHgrow(right, Priority.SOMETIMES);
        return right;
    }

    private Node predictionHead() {
        String title = Messages.get("explore.prediction");
        PanelMenu menu = new PanelMenu(title, model.bench().services(), takes::prediction);
        menu.setId("prediction-menu");
        menu.visibleProperty().bind(Bindings.isNotEmpty(model.predictions()));
        return new PanelHead(heading(title), menu);
    }

    private Node followed() {
        Label followed = new Label();
        followed.setId("followed");
        followed.setWrapText(true);
        followed.setMinHeight(Region.USE_PREF_SIZE);
        followed.textProperty().bind(model.followed().wordsProperty());
        return followed;
    }

    private Node summary() {
        Label moved = new Label();
        moved.setId("divergence");
        moved.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "explore.divergence",
                                Ticks.format(model.divergenceProperty().get())),
                        model.divergenceProperty()));
        Label took = new Label();
        took.setId("millis");
        took.getStyleClass().add("muted");
        took.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "explore.millis",
                                Ticks.format(model.millisProperty().get())),
                        model.millisProperty()));
        HBox row = new HBox(moved, took);
        row.getStyleClass().add("row");
        row.visibleProperty().bind(Bindings.isNotEmpty(model.predictions()));
        return row;
    }

    private static Label heading(String text) {
        Label heading = new Label(text);
        heading.getStyleClass().add("heading");
        return heading;
    }
}
