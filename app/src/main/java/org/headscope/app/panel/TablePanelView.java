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
    private static final double LETTER = 8;
    private static final double PADDING = 26;
    private static final int LONGEST = 28;

    TablePanelView(Table table) {
        getStyleClass().addAll("dense", "table-panel");
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        for (int i = 0; i < table.columns().size(); i++) {
            TableColumn<List<Object>, Object> column = column(table.columns().get(i), i);
            column.setPrefWidth(PADDING + LETTER * longest(column.getText(), table.rows(), i));
            getColumns().add(column);
        }
        getItems().setAll(table.rows());
        setPrefHeight((Math.min(MOST_ROWS, table.rows().size()) + 1.6) * ROW);
        setMinHeight(3 * ROW);
    }

    /** Letters that a column needs, as far as it may. */
    private static int longest(String heading, List<List<Object>> rows, int index) {
        int cells = rows.stream()
                .limit(MOST_ROWS)
                .mapToInt(row -> words(row.get(index)).length())
                .max()
                .orElse(0);
        return Math.min(LONGEST, Math.max(heading.length(), cells));
    }

    private static String words(Object value) {
        return value instanceof Double number ? Ticks.format(number) : value.toString();
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
                setText(words(value));
            }
        }
    }
}
