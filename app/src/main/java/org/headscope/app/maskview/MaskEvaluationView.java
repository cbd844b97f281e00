package org.headscope.app.maskview;

import java.nio.file.Path;
import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.collections.SetChangeListener;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TextFormatter;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.app.panel.PanelBoard;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ConditionsBar;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.RunBar;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** What the mask is tried on, and what it costs. */
final class MaskEvaluationView extends VBox {

    MaskEvaluationView(MaskEvaluationModel model) {
        getStyleClass().addAll("half", "mask-tab");
        ScrollPane board = new ScrollPane(
                new PanelBoard(model.run().panels(), model.bench().services(), model.run()::origins));
        board.setId("evaluation-board");
        board.getStyleClass().add("setup");
        board.setFitToWidth(true);
        VBox.setVgrow(board, Priority.ALWAYS);
        getChildren()
                .addAll(
                        text(model),
                        tools(model),
                        new RunBar(model.run(), model::start),
                        new ConditionsBar(model.bench()),
                        new ErrorLabel(model.run().errorProperty()),
                        board);
    }

    private static Node text(MaskEvaluationModel model) {
        TextArea text = new TextArea();
        text.setId("evaluate-text");
        text.setPrefRowCount(3);
        text.setMinHeight(USE_PREF_SIZE);
        text.setWrapText(true);
        text.setPromptText(Messages.get("mask.evaluate.text.hint"));
        text.setAccessibleText(Messages.get("mask.evaluate.text"));
        text.textProperty().bindBidirectional(model.textProperty());
        text.disableProperty().bind(model.fileProperty().isNotNull());
        return text;
    }

    private static Node tools(MaskEvaluationModel model) {
        Button file = new Button(Messages.get("mask.evaluate.file"), new FontIcon("mdi2f-file-document-outline"));
        file.setId("evaluate-file");
        file.setMinWidth(USE_PREF_SIZE);
        file.setOnAction(event -> {
            if (model.fileProperty().get() == null) {
                model.chooseFile();
            } else {
                model.fileProperty().set(null);
            }
        });
        file.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> fileWords(model.fileProperty().get()), model.fileProperty()));
        FlowPane row = new FlowPane(
                file,
                tasks(model),
                number("evaluate-count", Messages.get("mask.evaluate.count"), model.examplesProperty()),
                number("evaluate-controls", Messages.get("mask.evaluate.controls"), model.controlsProperty()));
        row.getStyleClass().add("tool-flow");
        return row;
    }

    private static String fileWords(@Nullable Path file) {
        return file == null
                ? Messages.get("mask.evaluate.file")
                : Messages.get("mask.evaluate.file.drop", String.valueOf(file.getFileName()));
    }

    private static Node number(String id, String text, StringProperty value) {
        TextField field = new TextField();
        field.setId(id);
        field.setPrefColumnCount(4);
        field.setTextFormatter(new TextFormatter<>(MaskEvaluationView::digitsOnly));
        field.textProperty().bindBidirectional(value);
        HBox pair = new HBox(Choices.label(text, field), field);
        pair.getStyleClass().add("row");
        return pair;
    }

    /** What would not be a number is not typed. */
    private static TextFormatter.Change digitsOnly(TextFormatter.Change change) {
        if (!change.getControlNewText().matches("\\d{0,6}")) {
            change.setText("");
            change.setRange(change.getRangeStart(), change.getRangeStart());
        }
        return change;
    }

    private static Node tasks(MaskEvaluationModel model) {
        MenuButton menu = new MenuButton("", new FontIcon("mdi2c-checkbox-multiple-marked-outline"));
        menu.setId("evaluate-tasks");
        for (TaskGenerator task : MaskEvaluationModel.allTasks()) {
            String id = task.info().id();
            CheckMenuItem item = new CheckMenuItem(task.info().title());
            item.setId("evaluate-task-" + id);
            item.selectedProperty().subscribe((before, now) -> {
                if (now) {
                    model.tasks().add(id);
                } else {
                    model.tasks().remove(id);
                }
            });
            menu.getItems().add(item);
        }
        Runnable words = () -> menu.setText(
                model.tasks().isEmpty()
                        ? Messages.get("mask.evaluate.tasks.none")
                        : Messages.get(
                                "mask.evaluate.tasks",
                                String.format(Locale.ROOT, "%d", model.tasks().size())));
        model.tasks().addListener((SetChangeListener<String>) change -> words.run());
        words.run();
        menu.setMinWidth(Label.USE_PREF_SIZE);
        return menu;
    }
}
