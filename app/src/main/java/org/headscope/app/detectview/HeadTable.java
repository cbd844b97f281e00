package org.headscope.app.detectview;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.transformation.SortedList;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** A row for each head, a column for each score. */
final class HeadTable extends TableView<GridCell> {
    private static final PseudoClass MEETING = PseudoClass.getPseudoClass("meeting");
    private static final String HEAD = "";

    private final DetectViewModel model;
    private boolean following;

    HeadTable(DetectViewModel model) {
        this.model = model;
        setId("head-table");
        getStyleClass().addAll("dense", "head-table");
        SortedList<GridCell> sorted = new SortedList<>(model.rows());
        sorted.comparatorProperty().bind(comparatorProperty());
        setItems(sorted);
        getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        setRowFactory(owner -> new HeadRow());
        Label nothing = new Label(Messages.get("detect.table.nothing"));
        nothing.setWrapText(true);
        setPlaceholder(nothing);
        model.board().scores().subscribe(this::columns);
        model.outdatedProperty().subscribe(this::columns);
        model.pick().headsProperty().subscribe(this::select);
        getSelectionModel().getSelectedItems().subscribe(this::selected);
        addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ENTER) {
                model.open();
                event.consume();
            }
        });
        columns();
    }

    /** New numbers keep the order that the table was in; the first ones are put in order at once, strongest on top. */
    private void columns() {
        List<TableColumn<GridCell, ?>> fresh = new ArrayList<>();
        fresh.add(headColumn());
        model.board().scores().forEach(score -> fresh.add(column(score)));
        boolean first = getColumns().size() <= 1 && fresh.size() > 1;
        List<TableColumn<GridCell, ?>> order = new ArrayList<>();
        getSortOrder().forEach(old -> fresh.stream()
                .filter(column -> column.getUserData().equals(old.getUserData()))
                .forEach(column -> {
                    column.setSortType(old.getSortType());
                    order.add(column);
                }));
        if (first && order.isEmpty()) {
            fresh.get(1).setSortType(TableColumn.SortType.DESCENDING);
            order.add(fresh.get(1));
        }
        getColumns().setAll(fresh);
        getSortOrder().setAll(order);
        select();
    }

    private static TableColumn<GridCell, GridCell> headColumn() {
        TableColumn<GridCell, GridCell> column = new TableColumn<>(Messages.get("detect.column.head"));
        column.setUserData(HEAD);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(owner -> new NameCell());
        column.setPrefWidth(64);
        column.setReorderable(false);
        return column;
    }

    private TableColumn<GridCell, Double> column(Score score) {
        boolean old = model.isOutdated(score);
        Label title = new Label(model.board().name(score.key()));
        String told = score.explained()
                + (score.shared() ? "\n" + Messages.get("detect.column.shared", Integer.toString(score.group())) : "")
                + (old ? "\n" + Messages.get("detect.column.outdated") : "");
        title.setTooltip(new Tooltip(told));
        title.getStyleClass().add(old ? "outdated" : "current");
        TableColumn<GridCell, Double> column = new TableColumn<>();
        column.setGraphic(title);
        column.setUserData(score.key());
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(score.of(row.getValue())));
        column.setCellFactory(owner -> new NumberCell());
        column.setComparator((a, b) -> compare(a, b, column.getSortType()));
        column.setPrefWidth(
                Math.max(90, Math.min(240, 48 + 7.6 * title.getText().length())));
        return column;
    }

    /** What was not computed comes last, whichever way the column is sorted. */
    private static int compare(double a, double b, TableColumn.SortType type) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            int last = Boolean.compare(Double.isNaN(a), Double.isNaN(b));
            return type == TableColumn.SortType.ASCENDING ? last : -last;
        }
        return Double.compare(a, b);
    }

    private void selected() {
        if (!following) {
            model.pick()
                    .set(
                            List.copyOf(getSelectionModel().getSelectedItems()),
                            getSelectionModel().getSelectedItem());
        }
    }

    private void select() {
        Set<GridCell> wanted = model.pick().headsProperty().get();
        if (following || Set.copyOf(getSelectionModel().getSelectedItems()).equals(wanted)) {
            return;
        }
        following = true;
        try {
            getSelectionModel().clearSelection();
            wanted.forEach(getSelectionModel()::select);
            int first = getSelectionModel().getSelectedIndex();
            if (first >= 0) {
                scrollTo(Math.max(0, first - 2));
            }
        } finally {
            following = false;
        }
    }

    private final class HeadRow extends TableRow<GridCell> {
        private HeadRow() {
            model.thresholds().meetingProperty().subscribe(this::mark);
            itemProperty().subscribe(this::mark);
            addEventHandler(MouseEvent.MOUSE_CLICKED, event -> {
                if (event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 2 && !isEmpty()) {
                    model.open();
                }
            });
        }

        private void mark() {
            GridCell head = getItem();
            pseudoClassStateChanged(
                    MEETING,
                    head != null && model.thresholds().meetingProperty().get().contains(head));
        }
    }

    private static final class NameCell extends TableCell<GridCell, GridCell> {
        private NameCell() {
            getStyleClass().add("name-cell");
        }

        @Override
        protected void updateItem(@Nullable GridCell head, boolean empty) {
            super.updateItem(head, empty);
            setText(empty || head == null ? null : HeadNames.of(head));
        }
    }

    private static final class NumberCell extends TableCell<GridCell, Double> {
        private NumberCell() {
            getStyleClass().add("number-cell");
        }

        @Override
        protected void updateItem(@Nullable Double number, boolean empty) {
            super.updateItem(number, empty);
            setText(empty || number == null ? null : Ticks.format(number));
        }
    }
}
