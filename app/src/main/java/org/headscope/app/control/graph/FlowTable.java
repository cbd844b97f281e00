package org.headscope.app.control.graph;

import java.util.List;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** The flows of a graph as rows; a row that is chosen is pointed at in the graph, and what is pointed at there is chosen. */
public final class FlowTable extends TableView<GraphFlow> {
    private final GraphModel model;
    private boolean following;

    /** @param model shared with the drawing */
    public FlowTable(GraphModel model) {
        this.model = model;
        getStyleClass().addAll("dense", "flow-table");
        setPlaceholder(new Label(Messages.get("graph.table.empty")));
        getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        getColumns()
                .addAll(List.of(
                        column(Messages.get("graph.table.from"), 1, flow -> label(flow.from())),
                        column(Messages.get("graph.table.to"), 1, flow -> label(flow.to())),
                        column(Messages.get("graph.table.input"), 0.8, GraphFlow::input),
                        score()));
        model.dataProperty().subscribe(this::dataChanged);
        model.partProperty().subscribe(this::follow);
        model.flowProperty().subscribe(this::follow);
        getSelectionModel().selectedItemProperty().subscribe(this::chosen);
    }

    private String label(String id) {
        return model.data().part(id).map(GraphPart::label).orElse(id);
    }

    private static TableColumn<GraphFlow, String> column(String name, double share, Function<GraphFlow, String> text) {
        TableColumn<GraphFlow, String> column = new TableColumn<>(name);
        column.setPrefWidth(70 * share);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(text.apply(row.getValue())));
        return column;
    }

    private static TableColumn<GraphFlow, Double> score() {
        TableColumn<GraphFlow, Double> column = new TableColumn<>(Messages.get("graph.table.score"));
        column.setPrefWidth(80);
        column.setCellValueFactory(
                row -> new ReadOnlyObjectWrapper<>(row.getValue().score()));
        column.setCellFactory(owner -> new ScoreCell());
        return column;
    }

    private void dataChanged() {
        following = true;
        getItems().setAll(model.data().flows());
        sort();
        following = false;
        follow();
    }

    private void follow() {
        if (following) {
            return;
        }
        following = true;
        getSelectionModel().clearSelection();
        if (model.partProperty().get() != null || model.flowProperty().get() != null) {
            List<GraphFlow> lit = model.lit();
            lit.forEach(getSelectionModel()::select);
            if (!lit.isEmpty()) {
                scrollTo(lit.get(0));
            }
        }
        following = false;
    }

    private void chosen(@Nullable GraphFlow flow) {
        if (!following && flow != null) {
            following = true;
            model.point(flow);
            following = false;
        }
    }

    private static final class ScoreCell extends TableCell<GraphFlow, Double> {
        private ScoreCell() {
            getStyleClass().add("number-cell");
        }

        @Override
        protected void updateItem(@Nullable Double value, boolean empty) {
            super.updateItem(value, empty);
            setText(empty || value == null ? null : Ticks.format(value));
        }
    }
}
