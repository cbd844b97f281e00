package org.headscope.app.historyview;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.store.StoredRun;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.panel.PanelBoard;
import org.headscope.app.report.ReportButton;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** Runs on the left, the result of the selected one on the right, with the command that repeats it. */
public final class HistoryView implements WorkView {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private final HistoryViewModel model;
    private final TableView<StoredRun> table;
    private final Node node;

    /** @param model its state */
    public HistoryView(HistoryViewModel model) {
        this.model = model;
        this.table = table();
        VBox.setVgrow(table, Priority.ALWAYS);
        VBox left = new VBox(tools(), new ErrorLabel(model.errorProperty()), table);
        left.getStyleClass().add("half");
        left.setMinWidth(320);
        left.setPrefWidth(480);
        ScrollPane board = new ScrollPane(new PanelBoard(model.panels(), model.actions()));
        board.getStyleClass().add("setup");
        board.setFitToWidth(true);
        VBox.setVgrow(board, Priority.ALWAYS);
        VBox right = new VBox(command(), board);
        right.getStyleClass().add("half");
        HBox.setHgrow(right, Priority.ALWAYS);
        HBox halves = new HBox(left, right);
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

    private Node tools() {
        Button refresh = button("history-refresh", Messages.get("history.refresh"), "mdi2r-refresh", model::refresh);
        Button delete = button("history-delete", Messages.get("history.delete"), "mdi2d-delete-outline", this::delete);
        delete.disableProperty().bind(Bindings.isNull(table.getSelectionModel().selectedItemProperty()));
        Button undo = button("history-undo", Messages.get("history.undo"), "mdi2u-undo", model::undo);
        undo.disableProperty().bind(model.undoableProperty().not());
        HBox row = new HBox(refresh, delete, undo);
        row.getChildren()
                .add(ReportButton.of(model.services(), table.getSelectionModel().selectedItemProperty()));
        row.getStyleClass().add("row");
        return row;
    }

    private static Button button(String id, String text, String icon, Runnable action) {
        Button button = new Button(text, new FontIcon(icon));
        button.setId(id);
        button.setMinWidth(Button.USE_PREF_SIZE);
        button.setOnAction(event -> action.run());
        return button;
    }

    private Node command() {
        TextField line = new TextField();
        line.setId("history-command");
        line.setEditable(false);
        line.textProperty().bind(model.commandProperty());
        HBox.setHgrow(line, Priority.ALWAYS);
        Button copy = button("history-copy", Messages.get("history.copy"), "mdi2c-content-copy", () -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(model.commandProperty().get());
            Clipboard.getSystemClipboard().setContent(content);
        });
        HBox row = new HBox(line, copy);
        row.getStyleClass().add("row");
        row.visibleProperty().bind(model.commandProperty().isNotEmpty());
        return row;
    }

    private TableView<StoredRun> table() {
        TableView<StoredRun> list = new TableView<>(model.runs());
        list.setId("runs");
        list.getStyleClass().add("dense");
        list.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        Label nothing = new Label(Messages.get("history.nothing"));
        nothing.setWrapText(true);
        list.setPlaceholder(nothing);
        list.getColumns()
                .add(column(
                        Messages.get("history.column.when"),
                        run -> WHEN.format(run.state().created()),
                        125));
        list.getColumns()
                .add(column(
                        Messages.get("history.column.what"), run -> run.spec().title(), 140));
        list.getColumns().add(column(Messages.get("history.column.model"), HistoryView::model, 90));
        list.getColumns()
                .add(column(
                        Messages.get("history.column.status"),
                        run -> run.state().status().name().toLowerCase(Locale.ROOT),
                        80));
        list.getColumns()
                .add(column(
                        Messages.get("history.column.seconds"),
                        run -> Ticks.format(run.state().seconds()),
                        76));
        list.getSelectionModel().selectedItemProperty().subscribe(model::select);
        list.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.DELETE) {
                delete();
            }
        });
        return list;
    }

    private void delete() {
        StoredRun selected = table.getSelectionModel().getSelectedItem();
        if (selected != null) {
            model.delete(selected);
        }
    }

    private static String model(StoredRun run) {
        Path name = Path.of(run.spec().model().path()).getFileName();
        return name == null ? run.spec().model().path() : name.toString();
    }

    private static TableColumn<StoredRun, String> column(String title, Function<StoredRun, String> text, double width) {
        TableColumn<StoredRun, String> column = new TableColumn<>(title);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(text.apply(row.getValue())));
        column.setPrefWidth(width);
        return column;
    }
}
