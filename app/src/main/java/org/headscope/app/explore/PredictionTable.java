package org.headscope.app.explore;

import java.util.Locale;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** Candidates for the next token: how likely each was, how likely it is under the mask, and the difference. */
public final class PredictionTable extends TableView<PredictionRow> {
    private static final double UNSEEN = 0.0005;
    private static final PseudoClass UP = PseudoClass.getPseudoClass("up");
    private static final PseudoClass DOWN = PseudoClass.getPseudoClass("down");

    /**
     * @param rows what to show, followed as it changes
     * @param followed the selected one
     */
    public PredictionTable(ObservableList<PredictionRow> rows, FollowedToken followed) {
        super(rows);
        getSelectionModel().selectedItemProperty().subscribe(row -> {
            if (row != null) {
                followed.idProperty().set(row.id());
            }
        });
        rows.subscribe(() -> select(followed));
        setId("predictions");
        getStyleClass().addAll("prediction-table", "dense");
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        Label nothing = new Label(Messages.get("explore.predictions.none"));
        nothing.setWrapText(true);
        setPlaceholder(nothing);
        getColumns().add(column(Messages.get("explore.column.token"), PredictionRow::text, TokenCell::new, 80));
        getColumns().add(column(Messages.get("explore.column.before"), PredictionRow::before, BarCell::new, 104));
        getColumns().add(column(Messages.get("explore.column.after"), PredictionRow::after, BarCell::new, 104));
        getColumns().add(column(Messages.get("explore.column.change"), PredictionRow::change, ChangeCell::new, 86));
    }

    /** Rows are replaced as a whole; the followed token stays the selected one. */
    private void select(FollowedToken followed) {
        if (followed.idProperty().get() != FollowedToken.NONE) {
            followed.row().ifPresent(getSelectionModel()::select);
        }
    }

    private interface CellMaker<T> {
        TableCell<PredictionRow, T> make();
    }

    private static <T> TableColumn<PredictionRow, T> column(
            String title, Function<PredictionRow, T> value, CellMaker<T> cells, double width) {
        TableColumn<PredictionRow, T> column = new TableColumn<>(title);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
        column.setCellFactory(owner -> cells.make());
        column.setSortable(false);
        column.setReorderable(false);
        column.setMinWidth(width * 0.7);
        column.setPrefWidth(width);
        return column;
    }

    private static final class TokenCell extends TableCell<PredictionRow, String> {
        private TokenCell() {
            getStyleClass().add("token-cell");
        }

        @Override
        protected void updateItem(@Nullable String token, boolean empty) {
            super.updateItem(token, empty);
            setText(empty || token == null ? null : VisibleText.of(token));
        }
    }

    private static final class BarCell extends TableCell<PredictionRow, Double> {
        private final ProbabilityBar bar = new ProbabilityBar();

        @Override
        protected void updateItem(@Nullable Double probability, boolean empty) {
            super.updateItem(probability, empty);
            if (empty || probability == null) {
                setGraphic(null);
            } else {
                bar.show(probability);
                setGraphic(bar);
            }
        }
    }

    private static final class ChangeCell extends TableCell<PredictionRow, Double> {
        private ChangeCell() {
            getStyleClass().add("change-cell");
        }

        @Override
        protected void updateItem(@Nullable Double change, boolean empty) {
            super.updateItem(change, empty);
            double shown = empty || change == null ? 0 : change;
            setText(empty || change == null ? null : text(shown));
            pseudoClassStateChanged(UP, shown >= UNSEEN);
            pseudoClassStateChanged(DOWN, shown <= -UNSEEN);
        }
    }

    static String text(double change) {
        return Math.abs(change) < UNSEEN
                ? "0"
                : String.format(Locale.ROOT, "%+.3f", change).replace('-', '−');
    }
}
