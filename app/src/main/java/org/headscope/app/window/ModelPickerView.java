package org.headscope.app.window;

import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandMenus;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** The open model, and the menu to open another. */
final class ModelPickerView extends HBox {
    private final ModelPickerViewModel model;
    private final Command openFolder;
    private final MenuButton button = new MenuButton();

    ModelPickerView(ModelPickerViewModel model, Command openFolder) {
        this.model = model;
        this.openFolder = openFolder;
        getStyleClass().add("model-picker");
        button.setId("model-picker");
        button.setGraphic(new FontIcon("mdi2c-cube-outline"));
        Label summary = new Label();
        summary.setId("model-summary");
        summary.getStyleClass().add("muted");
        summary.textProperty().bind(model.summaryProperty());
        ProgressIndicator busy = new ProgressIndicator();
        busy.getStyleClass().add("busy");
        busy.visibleProperty().bind(model.busyProperty());
        busy.managedProperty().bind(model.busyProperty());
        getChildren().addAll(button, busy, summary);
        model.currentProperty().subscribe(this::name);
        model.openingProperty().subscribe(this::name);
        model.bundled().subscribe(this::fill);
        model.recent().subscribe(this::fill);
        name();
        fill();
    }

    private void name() {
        ModelChoice opening = model.openingProperty().get();
        ModelChoice shown = opening != null ? opening : model.currentProperty().get();
        button.setText(shown == null ? Messages.get("picker.none") : shown.label());
        button.setTooltip(tooltip(shown));
        button.setAccessibleText(
                shown == null ? Messages.get("picker.none") : Messages.get("picker.accessible", shown.label()));
    }

    private static @Nullable Tooltip tooltip(@Nullable ModelChoice shown) {
        return shown == null ? null : new Tooltip(shown.folder().toString());
    }

    private void fill() {
        button.getItems().clear();
        addAll(Messages.get("picker.bundled"), model.bundled());
        addAll(Messages.get("picker.recent"), model.recent());
        if (!button.getItems().isEmpty()) {
            button.getItems().add(new SeparatorMenuItem());
        }
        MenuItem other = CommandMenus.item(openFolder);
        other.setAccelerator(null); // the menu bar has it; twice it would act twice
        button.getItems().add(other);
    }

    private void addAll(String heading, List<ModelChoice> choices) {
        if (!choices.isEmpty()) {
            button.getItems().add(heading(heading));
            for (ModelChoice choice : choices) {
                MenuItem item = new MenuItem(choice.label());
                item.setOnAction(event -> model.open(choice));
                button.getItems().add(item);
            }
        }
    }

    private static MenuItem heading(String text) {
        MenuItem item = new MenuItem(text);
        item.setDisable(true);
        item.getStyleClass().add("menu-heading");
        return item;
    }
}
