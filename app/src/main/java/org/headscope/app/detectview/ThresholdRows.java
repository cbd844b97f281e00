package org.headscope.app.detectview;

import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.kordamp.ikonli.javafx.FontIcon;

/** A row for each threshold, and a list to add one from. */
final class ThresholdRows extends VBox {
    private final DetectViewModel model;
    private final VBox rows = new VBox();
    /** Held here, because a list and what it is bound to do not hold each other. */
    private final StringProperty chosen = new SimpleStringProperty(this, "chosen", "");

    ThresholdRows(DetectViewModel model) {
        this.model = model;
        getStyleClass().add("thresholds");
        rows.getStyleClass().add("thresholds");
        ObservableList<Threshold> all = model.thresholds().all();
        all.subscribe(this::fill);
        rows.managedProperty().bind(rows.visibleProperty());
        getChildren().addAll(rows, adder());
        fill();
    }

    private Node adder() {
        ComboBox<String> add =
                ScoreChoice.of("add-threshold", model.board(), chosen, Messages.get("detect.threshold.add"));
        add.disableProperty().bind(Bindings.isEmpty(model.board().keys()));
        chosen.subscribe(key -> {
            if (key != null && !key.isEmpty()) { // the list clears itself to null
                model.thresholds().add(key);
                add.setValue("");
            }
        });
        Label summary = new Label();
        summary.setId("threshold-summary");
        summary.textProperty().bind(model.thresholds().summaryProperty());
        HBox row = new HBox(add, summary, actions());
        row.getStyleClass().add("row");
        return row;
    }

    private Node actions() {
        Button mask = new Button(Messages.get("detect.threshold.mask"));
        mask.setId("mask-meeting");
        mask.setMinWidth(USE_PREF_SIZE);
        mask.setOnAction(
                event -> model.mask(model.thresholds().meetingProperty().get()));
        Button copy = new Button(Messages.get("detect.threshold.copy"));
        copy.setId("copy-meeting");
        copy.setMinWidth(USE_PREF_SIZE);
        copy.setOnAction(
                event -> HeadClipboard.put(model.thresholds().meetingProperty().get()));
        HBox both = new HBox(mask, copy);
        both.getStyleClass().add("row");
        both.visibleProperty().bind(model.thresholds().summaryProperty().isNotEmpty());
        model.thresholds().meetingProperty().subscribe(meeting -> both.setDisable(meeting.isEmpty()));
        return both;
    }

    /** Rows stay while their thresholds do, so that a slider is not taken from under the mouse. */
    private void fill() {
        ObservableList<Threshold> all = model.thresholds().all();
        rows.getChildren().removeIf(row -> !all.contains((Threshold) row.getUserData()));
        for (int i = rows.getChildren().size(); i < all.size(); i++) {
            rows.getChildren().add(row(all.get(i)));
        }
        rows.setVisible(!all.isEmpty());
    }

    private Node row(Threshold threshold) {
        Label name = new Label(model.board().name(threshold.score()));
        name.setPrefWidth(190);
        name.setTooltip(new Tooltip(name.getText()));
        Slider slider = new Slider(
                threshold.lowest(),
                threshold.highest(),
                threshold.valueProperty().get());
        slider.getStyleClass().add("threshold-slider");
        slider.setAccessibleText(name.getText());
        slider.setBlockIncrement((threshold.highest() - threshold.lowest()) / 50);
        slider.setDisable(threshold.lowest() >= threshold.highest());
        slider.valueProperty().bindBidirectional(threshold.valueProperty());
        HBox.setHgrow(slider, Priority.ALWAYS);
        Button remove = new Button("", new FontIcon("mdi2c-close"));
        remove.getStyleClass().addAll("button-icon", "flat");
        remove.setAccessibleText(Messages.get("detect.threshold.remove", name.getText()));
        remove.setOnAction(event -> model.thresholds().remove(threshold));
        HBox row = new HBox(name, side(threshold), slider, typed(threshold, name.getText()), remove);
        row.getStyleClass().addAll("row", "threshold");
        row.setUserData(threshold);
        return row;
    }

    private static Button side(Threshold threshold) {
        Button side = new Button();
        side.getStyleClass().add("threshold-side");
        side.setTooltip(new Tooltip(Messages.get("detect.threshold.side.help")));
        side.setMinWidth(USE_PREF_SIZE);
        threshold.atLeastProperty().subscribe(atLeast -> {
            side.setText(atLeast ? "≥" : "≤");
            side.setAccessibleText(
                    atLeast ? Messages.get("detect.threshold.atLeast") : Messages.get("detect.threshold.atMost"));
        });
        side.setOnAction(event ->
                threshold.atLeastProperty().set(!threshold.atLeastProperty().get()));
        return side;
    }

    /** What is no number is not taken: the field goes back to the number that holds. */
    private static TextField typed(Threshold threshold, String name) {
        TextField field = new TextField();
        field.getStyleClass().add("threshold-value");
        field.setPrefColumnCount(6);
        field.setAccessibleText(name);
        Consumer<Number> show = now -> field.setText(Ticks.format(now.doubleValue()));
        threshold.valueProperty().subscribe(show);
        field.setOnAction(event -> {
            try {
                double typed = Double.parseDouble(field.getText().trim().replace('−', '-'));
                threshold.valueProperty().set(typed);
            } catch (NumberFormatException e) {
                show.accept(threshold.valueProperty().get());
            }
        });
        field.focusedProperty().subscribe(focused -> {
            if (!focused) {
                show.accept(threshold.valueProperty().get());
            }
        });
        return field;
    }
}
