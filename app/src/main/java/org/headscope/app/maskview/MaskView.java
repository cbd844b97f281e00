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
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** The mask on the left, as a grid and part by part; on the right masks under names, evaluation and comparison. */
public final class MaskView implements WorkView {
    private final MaskViewModel model;
    private final MaskSetsModel sets;
    private final TableView<MaskRow> table;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public MaskView(MaskViewModel model, Node empty) {
        this.model = model;
        this.sets = new MaskSetsModel(model.bench());
        this.table = table();
        HBox halves = new HBox(left(), right());
        halves.getStyleClass().add("halves");
        this.node = new BenchPane(model.bench(), empty, halves);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void shown() {
        sets.refresh();
    }

    private Node left() {
        VBox.setVgrow(table, Priority.ALWAYS);
        Label count = new Label();
        count.getStyleClass().add("heading");
        count.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "mask.count", Integer.toString(model.rows().size())),
                        model.rows()));
        VBox left = new VBox(
                tools(),
                new ErrorLabel(model.errorProperty()),
                line("mask-notice", model.noticeProperty()),
                warnings(),
                new BenchMaskPane(model),
                count,
                table);
        left.getStyleClass().addAll("half", "mask-view");
        left.setMinWidth(340);
        left.setPrefWidth(430);
        return left;
    }

    private Node right() {
        MaskEvaluationModel evaluation = new MaskEvaluationModel(model.bench());
        MaskComparisonModel comparison = new MaskComparisonModel(sets, evaluation);
        Tab compare = tab("mask-tab-compare", Messages.get("mask.tab.compare"), new MaskComparisonView(comparison));
        comparison.inSightProperty().bind(compare.selectedProperty());
        TabPane tabs = new TabPane(
                tab("mask-tab-sets", Messages.get("mask.tab.sets"), new MaskSetsView(sets, new MaskCombiner(sets))),
                tab("mask-tab-evaluate", Messages.get("mask.tab.evaluate"), new MaskEvaluationView(evaluation)),
                compare);
        tabs.setId("mask-tabs");
        tabs.setMinWidth(320);
        tabs.setPrefWidth(600);
        HBox.setHgrow(tabs, Priority.ALWAYS);
        return tabs;
    }

    private static Tab tab(String id, String title, Node content) {
        Tab tab = new Tab(title, content);
        tab.setId(id);
        tab.setClosable(false);
        return tab;
    }

    private Node tools() {
        Button read = button("mask-import", Messages.get("mask.import"), "mdi2i-import", model::read);
        Button control =
                button("mask-control", Messages.get("mask.control"), "mdi2d-dice-multiple-outline", model::drawControl);
        control.setTooltip(new Tooltip(Messages.get("mask.control.help")));
        control.disableProperty().bind(Bindings.isEmpty(model.rows()));
        Button remove = button("mask-remove", Messages.get("mask.remove"), "mdi2c-close", this::removeSelected);
        remove.disableProperty().bind(Bindings.isEmpty(table.getSelectionModel().getSelectedItems()));
        Button invert = button("mask-invert", Messages.get("mask.invert"), "mdi2i-invert-colors", model::invert);
        invert.setTooltip(new Tooltip(Messages.get("mask.invert.help")));
        FlowPane row = new FlowPane(read, export(), invert, control, remove);
        row.getStyleClass().add("tool-flow");
        return row;
    }

    private static Button button(String id, String text, String icon, Runnable action) {
        Button button = new Button(text, new FontIcon(icon));
        button.setId(id);
        button.setMinWidth(Button.USE_PREF_SIZE);
        button.setOnAction(event -> action.run());
        return button;
    }

    private Node export() {
        MenuButton write = new MenuButton(Messages.get("mask.export"), new FontIcon("mdi2e-export"));
        write.setId("mask-export");
        for (MaskFormat format : MaskFormat.values()) {
            write.getItems().add(item("export-" + format, format.label(), () -> model.write(format)));
        }
        write.getItems()
                .addAll(
                        new SeparatorMenuItem(),
                        item("export-BAKED", Messages.get("mask.bake"), () -> model.bake(false)),
                        item("export-REMOVED", Messages.get("mask.bake.remove"), () -> model.bake(true)));
        return write;
    }

    private static MenuItem item(String id, String text, Runnable action) {
        MenuItem item = new MenuItem(text);
        item.setId(id);
        item.setOnAction(event -> action.run());
        return item;
    }

    private TableView<MaskRow> table() {
        TableView<MaskRow> parts = new TableView<>(model.rows());
        parts.setId("mask-rows");
        parts.getStyleClass().add("dense");
        parts.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        parts.setMinHeight(90);
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
