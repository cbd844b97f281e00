package org.headscope.app.historyview;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.app.history.RunComparison;
import org.headscope.app.panel.PanelBoard;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;

/** Two runs side by side: what was asked, then panels of one title next to each other, with their difference below. */
final class ComparisonBoard extends VBox {

    private final transient Services services;
    private final transient List<Result> results;

    ComparisonBoard(RunComparison comparison, Services services) {
        this.services = services;
        this.results = comparison.results();
        getStyleClass().addAll("panel-board", "comparison-board");
        List<Node> nodes = new ArrayList<>();
        Node settings = board(comparison.settings(), results);
        settings.getStyleClass().add("settings-board");
        nodes.add(settings);
        for (RunComparison.Pair pair : comparison.pairs()) {
            nodes.add(pair(pair));
            if (pair.difference() != null) {
                Node difference = board(pair.difference(), results);
                difference.getStyleClass().add("difference");
                nodes.add(difference);
            }
        }
        getChildren().setAll(nodes);
    }

    private Node pair(RunComparison.Pair pair) {
        HBox sides = new HBox(side(pair.first(), results.get(0)), side(pair.second(), results.get(1)));
        sides.getStyleClass().add("halves");
        return sides;
    }

    private Node side(@Nullable Panel panel, Result result) {
        Node content = panel == null ? nothing() : board(panel, List.of(result));
        VBox side = new VBox(content);
        side.setMinWidth(0);
        side.setPrefWidth(200); // both sides grow from the same width
        HBox.setHgrow(side, Priority.ALWAYS);
        return side;
    }

    private static Node nothing() {
        Label label = new Label(Messages.get("history.compare.onlyOther"));
        label.getStyleClass().add("muted");
        label.setWrapText(true);
        return label;
    }

    private PanelBoard board(Panel panel, List<Result> origins) {
        return new PanelBoard(FXCollections.observableArrayList(panel), services, () -> origins);
    }
}
