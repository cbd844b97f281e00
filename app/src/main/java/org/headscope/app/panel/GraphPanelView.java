package org.headscope.app.panel;

import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.app.control.graph.FlowTable;
import org.headscope.app.control.graph.GraphModel;
import org.headscope.app.control.graph.GraphView;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;

/** A graph panel: the drawing, a slider over how many of its edges are drawn where there are many, and all edges as rows. */
final class GraphPanelView extends VBox {
    private static final int AT_ONCE = 60;
    private static final double TABLE = 240;
    private final GraphModel drawn = new GraphModel();

    GraphPanelView(EdgeGraph graph) {
        getStyleClass().add("graph-panel");
        drawn.valueTitleProperty().set(GraphOf.title(graph));
        GraphView view = new GraphView(drawn);
        view.getStyleClass().add("result-graph");
        view.setMinHeight(320);
        FlowTable table = new FlowTable(drawn);
        table.setPrefHeight(TABLE);
        table.setMinHeight(TABLE / 2);
        int all = graph.edges().size();
        if (all > AT_ONCE) {
            getChildren().add(slider(graph, all));
        }
        getChildren().addAll(view, table);
        show(graph, Math.min(all, AT_ONCE));
    }

    private void show(EdgeGraph graph, int count) {
        drawn.show(GraphOf.largest(graph, count));
    }

    private HBox slider(EdgeGraph graph, int all) {
        Slider slider = new Slider(0, Math.log(all), Math.log(AT_ONCE));
        slider.getStyleClass().add("cut");
        slider.setBlockIncrement(0.05);
        HBox.setHgrow(slider, Priority.ALWAYS);
        Label count = new Label(Messages.get("graph.shown", Integer.toString(AT_ONCE), Integer.toString(all)));
        count.setMinWidth(USE_PREF_SIZE);
        slider.valueProperty().subscribe((before, now) -> {
            int wanted = (int) Math.round(Math.exp(now.doubleValue()));
            count.setText(Messages.get("graph.shown", Integer.toString(wanted), Integer.toString(all)));
            show(graph, wanted);
        });
        HBox row = new HBox(Choices.label(Messages.get("graph.edges"), slider), slider, count);
        row.getStyleClass().add("row");
        return row;
    }
}
