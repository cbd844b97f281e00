package org.headscope.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.collections.FXCollections;
import javafx.scene.control.Slider;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.graph.FlowTable;
import org.headscope.app.control.graph.GraphView;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Stages;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
class GraphPanelGuiTest {
    private static final int HEADS = 90;
    private static final Quantity SCORE = Quantity.signed("score", "logits");

    @Start
    void start(Stage stage) {
        List<EdgeGraph.Node> nodes = Stream.concat(
                        IntStream.range(0, HEADS).mapToObj(i -> new EdgeGraph.Node("a0.h" + i, 0, i, true)),
                        Stream.of(new EdgeGraph.Node("logits", 1, Double.NaN, true)))
                .toList();
        List<EdgeGraph.Edge> edges = IntStream.range(0, HEADS)
                .mapToObj(i -> new EdgeGraph.Edge("a0.h" + i, "logits", "", i % 2 == 0 ? i : -i, true))
                .toList();
        PanelBoard board =
                new PanelBoard(FXCollections.observableArrayList(List.of(new EdgeGraph("Edges", SCORE, nodes, edges))));
        Stages.show(stage, new StackPane(board), 700, 700);
    }

    @Test
    void drawsTheLargestEdgesFirstAndAsManyAsTheSliderSays(FxRobot robot) {
        GraphView view = robot.lookup(".result-graph").queryAs(GraphView.class);
        assertThat(view.drawn()).isEqualTo(60);
        assertThat(view.model().data().flows().get(0).from()).isEqualTo("a0.h89");

        robot.interact(
                () -> robot.lookup(".graph-panel .slider").queryAs(Slider.class).setValue(Math.log(7)));
        robot.interact(view::layout);
        assertThat(view.drawn()).isEqualTo(7);
        assertThat(view.model().data().parts()).hasSize(8);
        assertThat(robot.lookup(".flow-table").queryAs(FlowTable.class).getItems())
                .extracting(flow -> Math.abs(flow.score()))
                .containsExactly(89.0, 88.0, 87.0, 86.0, 85.0, 84.0, 83.0);
    }
}
