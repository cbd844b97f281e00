package org.headscope.app.attributeview;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ObservableList;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** The prediction layer by layer: what each layer would say, and how answer and foil stand in it. */
final class LensTable extends TableView<LensRow> {

    LensTable(ObservableList<LensRow> rows) {
        super(rows);
        setId("lens");
        getStyleClass().addAll("dense", "lens-table");
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        setPlaceholder(new Label(Messages.get("attribute.lens.nothing")));
        getColumns().add(column(Messages.get("attribute.lens.layer"), LensRow::layer, "number-cell", 62));
        getColumns().add(column(Messages.get("attribute.lens.answer"), row -> number(row.answer()), "number-cell", 78));
        getColumns().add(column(Messages.get("attribute.lens.rank"), row -> rank(row.answer()), "number-cell", 62));
        getColumns().add(column(Messages.get("attribute.lens.foil"), row -> number(row.foil()), "number-cell", 78));
        getColumns().add(column(Messages.get("attribute.lens.rank"), row -> rank(row.foil()), "number-cell", 62));
        getColumns().add(column(Messages.get("attribute.lens.likeliest"), LensTable::likeliest, "token-cell", 240));
    }

    private static TableColumn<LensRow, String> column(
            String title, Function<LensRow, String> text, String style, double width) {
        TableColumn<LensRow, String> column = new TableColumn<>(title);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(text.apply(row.getValue())));
        column.setCellFactory(owner -> new TextCell(style));
        column.setSortable(false);
        column.setReorderable(false);
        column.setMinWidth(Math.min(width, 80)); // only the tokens give way
        column.setPrefWidth(width);
        return column;
    }

    private static String number(LensRow.Followed token) {
        return probability(token.probability());
    }

    private static String rank(LensRow.Followed token) {
        return Long.toString(token.rank());
    }

    static String likeliest(LensRow row) {
        return row.likeliest().stream()
                .map(token -> VisibleText.of(token.text()) + " " + probability(token.probability()))
                .collect(Collectors.joining("  "));
    }

    private static String probability(double p) {
        return p > 0 && p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    private static final class TextCell extends TableCell<LensRow, String> {
        private TextCell(String style) {
            getStyleClass().add(style);
        }

        @Override
        protected void updateItem(@Nullable String text, boolean empty) {
            super.updateItem(text, empty);
            setText(empty ? null : text);
        }
    }
}
