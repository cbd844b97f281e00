package org.headscope.app.circuitview;

import java.util.List;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.curve.CurveLine;
import org.headscope.app.control.curve.CurveModel;
import org.headscope.app.control.curve.CurvePlot;
import org.headscope.app.control.graph.FlowTable;
import org.headscope.app.control.graph.GraphView;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.panel.Take;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** The circuit of the chosen size: slider, what it does, graph, edges, and the curve over all sizes. */
final class CircuitPane extends StackPane {
    private final CircuitViewModel model;
    private final SizedCircuit circuit;

    CircuitPane(CircuitViewModel model) {
        this.model = model;
        this.circuit = model.circuit();
        Node content = content();
        Node nothing = nothing();
        circuit.studyProperty().subscribe(study -> {
            content.setVisible(study != null);
            nothing.setVisible(study == null);
        });
        getChildren().addAll(nothing, content);
    }

    private static Node nothing() {
        Label label = new Label(Messages.get("circuit.nothingYet"));
        label.setWrapText(true);
        label.getStyleClass().add("muted");
        VBox box = new VBox(label);
        box.getStyleClass().add("half");
        return box;
    }

    private Node content() {
        GraphView graph = new GraphView(circuit.graph());
        graph.setId("graph");
        VBox.setVgrow(graph, Priority.ALWAYS);
        VBox all = new VBox(
                new SizeRow(circuit),
                does(),
                new ErrorLabel(circuit.errorProperty()),
                graph,
                below(),
                masks(),
                stale());
        all.getStyleClass().addAll("half", "circuit-pane");
        return all;
    }

    private Node does() {
        Label says = new Label();
        says.setId("faithfulness");
        says.getStyleClass().add("circuit-does");
        says.setMinWidth(USE_PREF_SIZE);
        says.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> CircuitWords.does(circuit.measuredProperty().get()), circuit.measuredProperty()));
        Label counts = new Label();
        counts.setId("counts");
        counts.getStyleClass().add("muted");
        counts.setMinWidth(0);
        counts.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> CircuitWords.counts(circuit.circuitProperty().get()), circuit.circuitProperty()));
        HBox row = new HBox(says, counts);
        row.getStyleClass().add("row");
        HBox.setHgrow(row, Priority.ALWAYS);
        PanelMenu menu =
                new PanelMenu(Messages.get("view.circuit"), model.bench().services(), this::take);
        HBox all = new HBox(row, menu.named("circuit-menu"));
        all.getStyleClass().add("panel-head");
        return all;
    }

    private Optional<Take> take() {
        return Optional.ofNullable(circuit.circuitProperty().get())
                .map(shown -> Take.of(Sight.whole(shown.graph()), model.run().origins()));
    }

    private Optional<Take> takeCurve() {
        CurveModel shown = circuit.curve();
        CurveLine line = shown.lineProperty().get();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        String what = shown.yTitleProperty().get();
        Curve curve = new Curve(
                what,
                Quantity.unsigned(shown.xTitleProperty().get(), ""),
                Quantity.signed(what, ""),
                List.of(new Curve.Line(what, line.x(), line.y(), line.lower(), line.upper())));
        return Optional.of(Take.of(Sight.whole(curve), model.run().origins()));
    }

    private Node below() {
        FlowTable table = new FlowTable(circuit.graph());
        table.setId("edges");
        table.setPrefWidth(300);
        table.setMinWidth(220);
        HBox.setHgrow(table, Priority.SOMETIMES);
        ComboBox<Yardstick> yardstick =
                Choices.of(List.of(Yardstick.values()), Yardstick::words, circuit.yardstickProperty());
        yardstick.setId("yardstick");
        PanelMenu menu =
                new PanelMenu(Messages.get("circuit.yardstick"), model.bench().services(), this::takeCurve);
        HBox choice = new HBox(
                Choices.label(Messages.get("circuit.yardstick"), yardstick), yardstick, menu.named("curve-menu"));
        choice.getStyleClass().add("row");
        CurvePlot curve = new CurvePlot(circuit.curve());
        curve.setId("curve");
        VBox.setVgrow(curve, Priority.ALWAYS);
        VBox right = new VBox(choice, curve);
        right.getStyleClass().add("circuit-curve");
        HBox.setHgrow(right, Priority.ALWAYS);
        HBox row = new HBox(table, right);
        row.getStyleClass().add("circuit-below");
        row.setMinHeight(190);
        row.setPrefHeight(220);
        return row;
    }

    private Node masks() {
        Button outside = button("mask-outside", Messages.get("circuit.mask.outside"), "mdi2s-select-inverse");
        outside.setTooltip(new Tooltip(Messages.get("circuit.mask.outside.help")));
        outside.setOnAction(event -> model.maskOutside());
        Button inside = button("mask-circuit", Messages.get("circuit.mask.inside"), "mdi2s-selection-remove");
        inside.setTooltip(new Tooltip(Messages.get("circuit.mask.inside.help")));
        inside.setOnAction(event -> model.maskCircuit());
        HBox row = new HBox(outside, inside);
        row.getStyleClass().add("row");
        return row;
    }

    private static Button button(String id, String words, String icon) {
        Button button = new Button(words, new FontIcon(icon));
        button.setId(id);
        return button;
    }

    private Node stale() {
        Label stale = new Label(Messages.get("circuit.stale"));
        stale.setId("stale");
        stale.getStyleClass().add("warning-label");
        stale.setWrapText(true);
        stale.setMinHeight(USE_PREF_SIZE);
        stale.setMaxWidth(Double.MAX_VALUE);
        stale.visibleProperty().bind(model.staleProperty());
        stale.managedProperty().bind(stale.visibleProperty());
        return stale;
    }
}
