package org.headscope.app.maskview;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.cell.TextFieldTableCell;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** Masks under names: save, load, rename, delete, combine. */
final class MaskSetsView extends VBox {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private final MaskSetsModel model;
    private final TableView<SavedMask> table = new TableView<>();

    MaskSetsView(MaskSetsModel model, MaskCombiner combiner) {
        this.model = model;
        getStyleClass().addAll("half", "mask-tab");
        fill(table);
        VBox.setVgrow(table, Priority.ALWAYS);
        getChildren().addAll(save(), new ErrorLabel(model.errorProperty()), table, tools(), combine(combiner));
    }

    private Node save() {
        TextField name = new TextField();
        name.setId("set-name");
        name.setPromptText(Messages.get("mask.set.name.hint"));
        name.setAccessibleText(Messages.get("mask.set.name"));
        HBox.setHgrow(name, Priority.ALWAYS);
        Button save = button("set-save", Messages.get("mask.set.save"), "mdi2c-content-save-outline", () -> {
            model.save(name.getText());
            name.clear();
        });
        save.disableProperty()
                .bind(Bindings.createBooleanBinding(() -> name.getText().isBlank(), name.textProperty()));
        name.setOnAction(event -> save.fire());
        HBox row = new HBox(name, save);
        row.getStyleClass().add("row");
        return row;
    }

    private void fill(TableView<SavedMask> sets) {
        sets.setId("sets");
        sets.getStyleClass().add("dense");
        sets.setItems(model.sets());
        sets.setEditable(true);
        sets.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        sets.setMinHeight(120);
        Label nothing = new Label(Messages.get("mask.set.nothing"));
        nothing.setWrapText(true);
        sets.setPlaceholder(nothing);
        TableColumn<SavedMask, String> name = column(Messages.get("mask.set.name"), SavedMask::name, 200);
        name.setCellFactory(TextFieldTableCell.forTableColumn());
        name.setEditable(true);
        name.setOnEditCommit(event -> model.rename(event.getRowValue(), event.getNewValue()));
        sets.getColumns()
                .addAll(List.of(
                        name,
                        column(
                                Messages.get("mask.set.size"),
                                set -> Integer.toString(set.mask().size()),
                                70),
                        column(Messages.get("mask.set.mode"), set -> set.mask().modeLabel(), 90),
                        column(Messages.get("mask.set.when"), set -> WHEN.format(set.savedAt()), 110)));
        sets.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.DELETE) {
                withSelected(model::delete);
            }
        });
        sets.setOnMouseClicked(event -> {
            if (event.getClickCount() == 2 && sets.getEditingCell() == null) {
                withSelected(model::load);
            }
        });
    }

    private static TableColumn<SavedMask, String> column(String title, Function<SavedMask, String> text, double width) {
        TableColumn<SavedMask, String> column = new TableColumn<>(title);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(text.apply(row.getValue())));
        column.setPrefWidth(width);
        column.setEditable(false);
        return column;
    }

    private Node tools() {
        BooleanBinding none = Bindings.isNull(table.getSelectionModel().selectedItemProperty());
        Button load = button(
                "set-load", Messages.get("mask.set.load"), "mdi2t-tray-arrow-up", () -> withSelected(model::load));
        load.disableProperty().bind(none);
        Button rename =
                button("set-rename", Messages.get("mask.set.rename"), "mdi2p-pencil-outline", this::editSelected);
        rename.disableProperty().bind(none);
        Button delete = button(
                "set-delete",
                Messages.get("mask.set.delete"),
                "mdi2d-delete-outline",
                () -> withSelected(model::delete));
        delete.disableProperty().bind(none);
        Button undo = button("set-undo", Messages.get("history.undo"), "mdi2u-undo", model::undo);
        undo.disableProperty().bind(model.undoableProperty().not());
        FlowPane row = new FlowPane(load, rename, delete, undo);
        row.getStyleClass().add("tool-flow");
        return row;
    }

    private void editSelected() {
        table.requestFocus();
        table.edit(
                table.getSelectionModel().getSelectedIndex(), table.getColumns().get(0));
    }

    private void withSelected(Consumer<SavedMask> action) {
        SavedMask selected = table.getSelectionModel().getSelectedItem();
        if (selected != null) {
            action.accept(selected);
        }
    }

    private static Node combine(MaskCombiner combiner) {
        Label heading = new Label(Messages.get("mask.combine"));
        heading.getStyleClass().add("heading");
        var first = Choices.of(combiner.sets().choices(), MaskChoice::label, combiner.firstProperty());
        first.setId("combine-first");
        first.setItems(combiner.sets().choices());
        var how = Choices.of(MaskCombiner.WAYS, MaskCombiner::words, combiner.wayProperty());
        how.setId("combine-way");
        var second = Choices.of(combiner.sets().choices(), MaskChoice::label, combiner.secondProperty());
        second.setId("combine-second");
        second.setItems(combiner.sets().choices());
        Button go = button("combine", Messages.get("mask.combine.go"), "mdi2s-set-merge", combiner::combine);
        FlowPane row = new FlowPane(first, how, second, go);
        row.getStyleClass().add("tool-flow");
        Label conflicts = new Label();
        conflicts.setId("combine-conflicts");
        conflicts.setWrapText(true);
        conflicts.setMinHeight(USE_PREF_SIZE);
        conflicts.textProperty().bind(combiner.conflictsProperty());
        var holds = Choices.of(List.of(true, false), MaskCombiner::whose, combiner.firstCountsProperty());
        holds.setId("combine-holds");
        VBox clash = new VBox(conflicts, holds);
        clash.getStyleClass().addAll("half", "warning-label");
        clash.visibleProperty().bind(combiner.conflictsProperty().isNotEmpty());
        clash.managedProperty().bind(clash.visibleProperty());
        VBox all = new VBox(heading, row, clash);
        all.getStyleClass().add("half");
        return all;
    }

    private static Button button(String id, String text, String icon, Runnable action) {
        Button button = new Button(text, new FontIcon(icon));
        button.setId(id);
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(event -> action.run());
        return button;
    }
}
