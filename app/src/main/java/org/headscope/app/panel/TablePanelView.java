package org.headscope.app.panel;

import java.util.List;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.color.Ticks;
import org.jspecify.annotations.Nullable;

/** A table panel. */
final class TablePanelView extends TableView<List<Object>> {
    private static final double ROW = 27;
    private static final int MOST_ROWS = 14;

    TablePanelView(Table table) {
        getStyleClass().addAll("dense", "table-panel");
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        for (int i = 0; i < table.columns().size(); i++) {
            getColumns().add(column(table.columns().get(i), i));
        }
        getItems().setAll(table.rows());
        setPrefHeight((Math.min(MOST_ROWS, table.rows().size()) + 1.6) * ROW);
        setMinHeight(3 * ROW);
    }

    private static TableColumn<List<Object>, Object> column(Table.Column column, int index) {
        String unit = column.unit().isEmpty() ? "" : " (" + column.unit() + ")";
        TableColumn<List<Object>, Object> shown = new TableColumn<>(column.name() + unit);
        shown.setCellValueFactory(
                row -> new ReadOnlyObjectWrapper<>(row.getValue().get(index)));
        shown.setCellFactory(owner -> new ValueCell(column.type()));
        return shown;
    }

    private static final class ValueCell extends TableCell<List<Object>, Object> {
        private ValueCell(Table.Type type) {
            if (type == Table.Type.NUMBER || type == Table.Type.INTEGER) {
                getStyleClass().add("number-cell");
            }
        }

        @Override
        protected void updateItem(@Nullable Object value, boolean empty) {
            super.updateItem(value, empty);
            if (empty || value == null) {
                setText(null);
            } else {
                setText(value instanceof Double number ? Ticks.format(number) : value.toString());
            }
        }
    }
}
