package org.headscope.app.lensview;

import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.reading.LensTable;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;

/** The likeliest tokens of the pinned cell. One of them can be looked for in all layers. */
final class PinnedCell extends VBox {
    private final LensViewModel model;
    private final LensPicture picture;
    private final Label where = new Label();
    private final TableView<LensTable.Said> tokens = new TableView<>();

    PinnedCell(LensViewModel model) {
        this.model = model;
        this.picture = model.picture();
        getStyleClass().add("pinned-cell");
        setMinWidth(250);
        setPrefWidth(300);
        where.setId("where");
        where.setWrapText(true);
        where.setMinHeight(USE_PREF_SIZE);
        tokens.setId("likeliest");
        tokens.getStyleClass().add("dense");
        tokens.setPlaceholder(new Label(Messages.get("lens.nothingPinned")));
        tokens.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        tokens.getColumns().add(column(Messages.get("lens.column.token"), said -> VisibleText.of(said.text())));
        tokens.getColumns()
                .add(column(Messages.get("lens.column.probability"), said -> Ticks.format(said.probability())));
        tokens.setMinHeight(90);
        setVgrow(tokens, Priority.ALWAYS);
        getChildren().addAll(where, tokens, buttons());
        picture.map().cursorProperty().subscribe(this::show);
        picture.tableProperty().subscribe(this::show);
    }

    private static TableColumn<LensTable.Said, String> column(String name, Function<LensTable.Said, String> text) {
        TableColumn<LensTable.Said, String> column = new TableColumn<>(name);
        column.setSortable(false);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(text.apply(row.getValue())));
        return column;
    }

    private HBox buttons() {
        Button look = new Button(Messages.get("lens.lookFor"));
        look.setId("look-for");
        look.disableProperty()
                .bind(tokens.getSelectionModel().selectedItemProperty().isNull());
        look.setOnAction(event -> {
            LensTable.Said chosen = tokens.getSelectionModel().getSelectedItem();
            if (chosen != null) {
                model.tokenProperty().set("ids:" + chosen.id());
            }
        });
        Button own = new Button(Messages.get("lens.lookFor.own"));
        own.setId("look-for-own");
        own.disableProperty().bind(model.tokenProperty().isEmpty());
        own.setOnAction(event -> model.tokenProperty().set(""));
        HBox row = new HBox(look, own);
        row.getStyleClass().add("row");
        return row;
    }

    private void show() {
        LensTable.Cell cell = picture.pinned();
        where.setText(picture.where());
        if (cell == null) {
            tokens.getItems().clear();
        } else if (!tokens.getItems().equals(cell.likeliest())) {
            tokens.getItems().setAll(cell.likeliest());
        }
    }
}
