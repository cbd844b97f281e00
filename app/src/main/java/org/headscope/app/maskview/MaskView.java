package org.headscope.app.maskview;

import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** What is masked, part by part; export and import. */
public final class MaskView implements WorkView {
    private final MaskViewModel model;
    private final TableView<MaskRow> table;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public MaskView(MaskViewModel model, Node empty) {
        this.model = model;
        this.table = table();
        VBox.setVgrow(table, Priority.ALWAYS);
        Label count = new Label();
        count.getStyleClass().add("heading");
        count.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "mask.count", Integer.toString(model.rows().size())),
                        model.rows()));
        VBox content = new VBox(
                tools(),
                new ErrorLabel(model.errorProperty()),
                line("mask-notice", model.noticeProperty()),
                warnings(),
                count,
                table);
        content.getStyleClass().addAll("half", "mask-view");
        this.node = new BenchPane(model.bench(), empty, content);
    }

    @Override
    public Node node() {
        return node;
    }

    private Node tools() {
        Button read = new Button(Messages.get("mask.import"), new FontIcon("mdi2i-import"));
        read.setId("mask-import");
        read.setOnAction(event -> model.read());
        MenuButton write = new MenuButton(Messages.get("mask.export"), new FontIcon("mdi2e-export"));
        write.setId("mask-export");
        for (MaskFormat format : MaskFormat.values()) {
            MenuItem item = new MenuItem(format.label());
            item.setId("export-" + format);
            item.setOnAction(event -> model.write(format));
            write.getItems().add(item);
        }
        Button remove = new Button(Messages.get("mask.remove"), new FontIcon("mdi2c-close"));
        remove.setId("mask-remove");
        remove.disableProperty().bind(Bindings.isEmpty(table.getSelectionModel().getSelectedItems()));
        remove.setOnAction(event -> removeSelected());
        HBox row = new HBox(read, write, remove);
        row.getStyleClass().add("row");
        return row;
    }

    private TableView<MaskRow> table() {
        TableView<MaskRow> parts = new TableView<>(model.rows());
        parts.setId("mask-rows");
        parts.getStyleClass().add("dense");
        parts.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        Label nothing = new Label(Messages.get("mask.nothing"));
        nothing.setWrapText(true);
        parts.setPlaceholder(nothing);
        parts.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        TableColumn<MaskRow, String> part = new TableColumn<>(Messages.get("mask.column.part"));
        part.setCellValueFactory(
                row -> new ReadOnlyObjectWrapper<>(row.getValue().unit().label()));
        TableColumn<MaskRow, String> how = new TableColumn<>(Messages.get("mask.column.how"));
        how.setCellValueFactory(
                row -> new ReadOnlyObjectWrapper<>(row.getValue().setting().label()));
        parts.getColumns().addAll(List.of(part, how));
        parts.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.DELETE) {
                removeSelected();
            }
        });
        return parts;
    }

    private void removeSelected() {
        model.remove(List.copyOf(table.getSelectionModel().getSelectedItems()));
    }

    private Node warnings() {
        Label warning = line("mask-warning", model.warningProperty());
        warning.getStyleClass().add("warning-label");
        return warning;
    }

    private static Label line(String id, ObservableValue<String> text) {
        Label line = new Label();
        line.setId(id);
        line.setWrapText(true);
        line.setMinHeight(Label.USE_PREF_SIZE);
        line.setMaxWidth(Double.MAX_VALUE);
        line.textProperty().bind(text);
        line.visibleProperty().bind(line.textProperty().isNotEmpty());
        line.managedProperty().bind(line.visibleProperty());
        return line;
    }
}
