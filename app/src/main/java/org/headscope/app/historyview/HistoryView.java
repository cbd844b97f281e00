package org.headscope.app.historyview;

import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.store.RunSpec.ModelKey;
import org.headscope.analysis.store.StoredRun;
import org.headscope.app.panel.PanelBoard;
import org.headscope.app.report.ReportButton;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** Runs on the left; on the right the result of the selected one, or two of them side by side. */
public final class HistoryView implements WorkView {
    private final HistoryViewModel model;
    private final RunList table;
    private final Node node;

    /** @param model its state */
    public HistoryView(HistoryViewModel model) {
        this.model = model;
        this.table = new RunList(model);
        VBox.setVgrow(table, Priority.ALWAYS);
        VBox left = new VBox(search(), tools(), new ErrorLabel(model.errorProperty()), table);
        left.getStyleClass().add("half");
        left.setMinWidth(340);
        left.setPrefWidth(590);
        HBox halves = new HBox(left, right());
        halves.getStyleClass().add("halves");
        this.node = halves;
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void shown() {
        model.refresh();
    }

    private Node search() {
        TextField words = new TextField();
        words.setId("history-search");
        words.setPromptText(Messages.get("history.search"));
        words.setAccessibleText(Messages.get("history.search"));
        words.textProperty().bindBidirectional(model.searchProperty());
        HBox.setHgrow(words, Priority.ALWAYS);
        ComboBox<ModelKey> models = Choices.of(model.models(), HistoryView::words, model.modelProperty());
        models.setId("history-model");
        models.setItems(model.models());
        models.setAccessibleText(Messages.get("history.column.model"));
        HBox row = new HBox(words, models);
        row.getStyleClass().add("row");
        return row;
    }

    private static String words(ModelKey key) {
        return key.equals(HistoryViewModel.ANY_MODEL)
                ? Messages.get("history.model.any")
                : HistoryRow.modelName(key.path());
    }

    private Node tools() {
        BooleanBinding none = Bindings.isEmpty(table.getSelectionModel().getSelectedItems());
        BooleanBinding notOne =
                Bindings.size(table.getSelectionModel().getSelectedItems()).isNotEqualTo(1);
        Button refresh = button("history-refresh", Messages.get("history.refresh"), "mdi2r-refresh", model::refresh);
        Button repeat = button(
                "history-repeat",
                Messages.get("history.repeat"),
                "mdi2r-repeat",
                () -> model.repeat(table.chosen().get(0)));
        repeat.disableProperty().bind(notOne.or(model.repeatingProperty()));
        Button delete = button(
                "history-delete",
                Messages.get("history.delete"),
                "mdi2d-delete-outline",
                () -> model.delete(table.chosen()));
        delete.disableProperty().bind(none);
        Button undo = button("history-undo", Messages.get("history.undo"), "mdi2u-undo", model::undo);
        undo.disableProperty().bind(model.undoableProperty().not());
        FlowPane row = new FlowPane(refresh, repeat, delete, undo, ReportButton.of(model.services(), chosenRun()));
        row.getStyleClass().add("tool-flow");
        return row;
    }

    private ObservableValue<@Nullable StoredRun> chosenRun() {
        ObjectProperty<@Nullable StoredRun> chosen = new SimpleObjectProperty<>();
        model.shown().singleProperty().subscribe(row -> chosen.set(row == null ? null : row.run()));
        return chosen;
    }

    private static Button button(String id, String text, String icon, Runnable action) {
        Button button = new Button(text, new FontIcon(icon));
        button.setId(id);
        button.setMinWidth(Button.USE_PREF_SIZE);
        button.setOnAction(event -> action.run());
        return button;
    }

    private Node right() {
        PanelBoard panels = new PanelBoard(
                model.shown().panels(),
                model.services(),
                () -> Optional.ofNullable(model.shown().resultProperty().get()).stream()
                        .toList());
        ScrollPane board = new ScrollPane(panels);
        board.setId("history-board");
        board.getStyleClass().add("setup");
        board.setFitToWidth(true);
        model.shown()
                .comparisonProperty()
                .subscribe(two -> board.setContent(two == null ? panels : new ComparisonBoard(two, model.services())));
        VBox.setVgrow(board, Priority.ALWAYS);
        VBox right = new VBox(command(), remark(), new ErrorLabel(model.shown().errorProperty()), note(), board);
        right.getStyleClass().add("half");
        right.setMinWidth(320);
        right.setPrefWidth(470);
        HBox.setHgrow(right, Priority.ALWAYS);
        return right;
    }

    private Node remark() {
        Label remark = new Label();
        remark.setId("history-remark");
        remark.getStyleClass().add("muted");
        remark.setWrapText(true);
        remark.setMinHeight(Label.USE_PREF_SIZE);
        remark.textProperty()
                .bind(Bindings.createStringBinding(
                        this::remarkText,
                        model.shown().remarkProperty(),
                        model.shown().singleProperty(),
                        model.shown().comparisonProperty()));
        remark.visibleProperty().bind(remark.textProperty().isNotEmpty());
        remark.managedProperty().bind(remark.visibleProperty());
        return remark;
    }

    private String remarkText() {
        String said = model.shown().remarkProperty().get();
        boolean nothing = model.shown().singleProperty().get() == null
                && model.shown().comparisonProperty().get() == null;
        return said.isEmpty() && nothing ? Messages.get("history.choose") : said;
    }

    /** The note of the one selected run, kept with every key. */
    private Node note() {
        TextArea note = new TextArea();
        note.setId("history-note");
        note.setPrefRowCount(2);
        note.setMinHeight(TextArea.USE_PREF_SIZE);
        note.setWrapText(true);
        note.setPromptText(Messages.get("history.note.hint"));
        note.setAccessibleText(Messages.get("history.column.note"));
        model.shown().singleProperty().subscribe(row -> {
            if (row != null) {
                note.setText(row.noteProperty().get());
            }
        });
        note.textProperty().subscribe(text -> {
            HistoryRow row = model.shown().singleProperty().get();
            if (row != null) {
                model.write(row, text);
            }
        });
        note.visibleProperty().bind(model.shown().singleProperty().isNotNull());
        note.managedProperty().bind(note.visibleProperty());
        return note;
    }

    private Node command() {
        TextField line = new TextField();
        line.setId("history-command");
        line.setEditable(false);
        line.textProperty().bind(model.shown().commandProperty());
        HBox.setHgrow(line, Priority.ALWAYS);
        Button copy = button("history-copy", Messages.get("history.copy"), "mdi2c-content-copy", () -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(model.shown().commandProperty().get());
            Clipboard.getSystemClipboard().setContent(content);
        });
        HBox row = new HBox(line, copy);
        row.getStyleClass().add("row");
        row.visibleProperty().bind(model.shown().commandProperty().isNotEmpty());
        row.managedProperty().bind(row.visibleProperty());
        return row;
    }
}
