package org.headscope.app.historyview;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** The table of runs; sorted by what stands in its columns, and keeping its selection when the list is read again. */
final class RunList extends TableView<HistoryRow> {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private final HistoryViewModel model;
    private Set<Long> selected = Set.of();
    private boolean restoring;

    RunList(HistoryViewModel model) {
        this.model = model;
        setId("runs");
        getStyleClass().add("dense");
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        Label nothing = new Label(Messages.get("history.nothing"));
        nothing.setWrapText(true);
        setPlaceholder(nothing);
        addColumns();
        SortedList<HistoryRow> sorted = new SortedList<>(model.rows());
        sorted.comparatorProperty().bind(comparatorProperty());
        setItems(sorted);
        getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        getSelectionModel().getSelectedItems().addListener((ListChangeListener<HistoryRow>)
                change -> selectionChanged());
        model.whenListed(this::selectAgain);
        setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.DELETE) {
                model.delete(chosen());
            }
        });
    }

    /** What is selected, in the order of the table. */
    List<HistoryRow> chosen() {
        return getSelectionModel().getSelectedItems().stream()
                .filter(row -> row != null)
                .toList();
    }

    private void selectionChanged() {
        if (!model.isListing() && !restoring) {
            List<HistoryRow> rows = chosen();
            Set<Long> ids = ids(rows);
            if (!ids.equals(selected)) {
                selected = ids;
                model.shown().select(rows);
            }
        }
    }

    private void selectAgain() {
        restoring = true;
        try {
            getSelectionModel().clearSelection();
            for (int i = 0; i < getItems().size(); i++) {
                if (selected.contains(getItems().get(i).run().id())) {
                    getSelectionModel().select(i);
                }
            }
        } finally {
            restoring = false;
        }
        selectionChanged();
        model.shown().follow(chosen());
    }

    private static Set<Long> ids(List<HistoryRow> rows) {
        return rows.stream().map(row -> row.run().id()).collect(Collectors.toSet());
    }

    private void addColumns() {
        TableColumn<HistoryRow, Instant> when = column(
                Messages.get("history.column.when"), row -> row.run().state().created(), 114);
        when.setCellFactory(owner -> new TextCell<>(WHEN::format));
        TableColumn<HistoryRow, Double> seconds = column(
                Messages.get("history.column.seconds"), row -> row.run().state().seconds(), 80);
        seconds.setCellFactory(owner -> new TextCell<>(Ticks::format));
        TableColumn<HistoryRow, String> note = text(Messages.get("history.column.note"), HistoryRow::noteProperty, 90);
        note.setCellFactory(owner -> new TextCell<>(body -> body.replaceAll("\\s+", " ")));
        getColumns()
                .addAll(List.of(
                        when,
                        column(
                                Messages.get("history.column.what"),
                                row -> row.run().spec().title(),
                                130),
                        column(Messages.get("history.column.model"), HistoryRow::model, 86),
                        column(Messages.get("history.column.status"), HistoryRow::status, 74),
                        seconds,
                        note));
    }

    private static <T> TableColumn<HistoryRow, T> column(String title, Function<HistoryRow, T> value, double width) {
        return text(title, row -> new ReadOnlyObjectWrapper<>(value.apply(row)), width);
    }

    private static <T> TableColumn<HistoryRow, T> text(
            String title, Function<HistoryRow, ObservableValue<T>> value, double width) {
        TableColumn<HistoryRow, T> column = new TableColumn<>(title);
        column.setCellValueFactory(row -> value.apply(row.getValue()));
        column.setPrefWidth(width);
        return column;
    }

    /** Sorted by what it is, shown as text. */
    private static final class TextCell<T> extends TableCell<HistoryRow, T> {
        private final Function<T, String> words;

        private TextCell(Function<T, String> words) {
            this.words = words;
        }

        @Override
        protected void updateItem(@Nullable T value, boolean empty) {
            super.updateItem(value, empty);
            setText(empty || value == null ? null : words.apply(value));
        }
    }
}
