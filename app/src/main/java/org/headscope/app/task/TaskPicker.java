package org.headscope.app.task;

import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** A task to choose and a button that puts an example of it in; takes no room where there are no two prompts to fill. */
public final class TaskPicker extends VBox {

    /** @param model its state */
    public TaskPicker(TaskPickerModel model) {
        getStyleClass().add("task-picker");
        ComboBox<TaskGenerator> tasks =
                Choices.of(model.all(), task -> task.info().title(), model.chosenProperty());
        tasks.setId("task");
        tasks.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(tasks, Priority.ALWAYS);
        Button draw = new Button(Messages.get("tasks.draw"), new FontIcon("mdi2d-dice-multiple-outline"));
        draw.setId("draw");
        draw.setMinWidth(USE_PREF_SIZE);
        draw.setTooltip(new Tooltip(Messages.get("tasks.draw.help")));
        draw.setOnAction(event -> model.draw());
        HBox row = new HBox(Choices.label(Messages.get("tasks.task"), tasks), tasks, draw);
        row.getStyleClass().add("row");
        getChildren().addAll(row, asks(model), new ErrorLabel(model.errorProperty()));
        visibleProperty().bind(model.fitsProperty());
        managedProperty().bind(visibleProperty());
    }

    private static Label asks(TaskPickerModel model) {
        Label asks = new Label();
        asks.getStyleClass().addAll("muted", "small");
        asks.setWrapText(true);
        asks.setMinHeight(USE_PREF_SIZE);
        model.chosenProperty().subscribe(task -> asks.setText(task.info().asks()));
        return asks;
    }
}
