package org.headscope.app.control.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Stages;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
class GraphViewGuiTest {
    private static final GraphPart INPUT = new GraphPart("input", "input", GraphPart.Kind.INPUT, -1, 0, Double.NaN);
    private static final GraphPart LOGITS = new GraphPart("logits", "logits", GraphPart.Kind.LOGITS, 2, 0, Double.NaN);
    private static final GraphPart MLP = new GraphPart("m0", "m0", GraphPart.Kind.MLP, 0, 0, 1.5);
    private static final GraphPart SHARED = new GraphPart("a1.kv1", "1.kv1", GraphPart.Kind.SHARED, 1, 1, Double.NaN);

    private final GraphModel model = new GraphModel();
    private GraphView view;

    @Start
    void start(Stage stage) {
        model.show(small());
        view = new GraphView(model);
        Stages.show(stage, new StackPane(view), 700, 500);
    }

    private static GraphPart head(int layer, int head) {
        return new GraphPart(
                "a" + layer + ".h" + head, layer + "." + head, GraphPart.Kind.HEAD, layer, head, Double.NaN);
    }

    private static GraphData small() {
        return new GraphData(
                List.of(INPUT, head(0, 1), MLP, SHARED, head(1, 2), head(1, 3), LOGITS),
                List.of(
                        new GraphFlow("input", "a0.h1", "v", -3),
                        new GraphFlow("a0.h1", "m0", "", 1),
                        new GraphFlow("m0", "a1.kv1", "k", -8),
                        new GraphFlow("a1.h3", "logits", "", -2)),
                new GraphPart.Columns(4, 2));
    }

    @Test
    void layersStandAboveEachOtherHeadsSideBySideAndTheMlpRightOfThemAndHigher() {
        Point2D input = view.centreOf("input");
        Point2D head = view.centreOf("a0.h1");
        Point2D mlp = view.centreOf("m0");
        Point2D above = view.centreOf("a1.h3");

        assertThat(head.getY()).isLessThan(input.getY());
        assertThat(mlp.getY()).isLessThan(head.getY()).isGreaterThan(above.getY());
        assertThat(mlp.getX()).isGreaterThan(head.getX());
        assertThat(view.centreOf("a1.h2").getY()).isEqualTo(above.getY());
        assertThat(view.centreOf("a1.h2").getX()).isLessThan(above.getX());
        assertThat(view.centreOf("logits").getY()).isLessThan(above.getY());
    }

    @Test
    void headWithSharedKeysLightsWhatFlowsIntoThem(FxRobot robot) {
        robot.clickOn(view.localToScreen(view.centreOf("a1.h3")));

        assertThat(model.lit()).extracting(GraphFlow::from).containsExactlyInAnyOrder("m0", "a1.h3");
        robot.clickOn(view.localToScreen(view.centreOf("a0.h1")));
        assertThat(model.lit()).extracting(GraphFlow::to).containsExactlyInAnyOrder("a0.h1", "m0");
    }

    @Test
    void arrowKeysWalkFromTheLogitsDown(FxRobot robot) {
        robot.interact(view::requestFocus);
        robot.type(KeyCode.DOWN);
        assertThat(Objects.requireNonNull(model.partProperty().get())).isEqualTo(LOGITS);
        robot.type(KeyCode.DOWN);
        GraphPart first = Objects.requireNonNull(model.partProperty().get());
        assertThat(first.layer()).isEqualTo(1);
        robot.type(first.index() == 2 ? KeyCode.RIGHT : KeyCode.LEFT);
        assertThat(Objects.requireNonNull(model.partProperty().get()).layer()).isEqualTo(1);
        assertThat(model.partProperty().get()).isNotEqualTo(first);
        assertThat(view.getAccessibleText()).startsWith("Graph of 7 parts and 4 edges. Head 1.");
    }

    @Test
    void plusLooksCloserDraggingMovesAndZeroShowsAllAgain(FxRobot robot) {
        Point2D before = view.centreOf("a0.h1");
        robot.interact(view::requestFocus);
        robot.type(KeyCode.PLUS, KeyCode.PLUS, KeyCode.PLUS);
        robot.interact(view::layout);
        Point2D close = view.centreOf("a0.h1");
        assertThat(close.distance(before)).isGreaterThan(20);

        robot.drag(view.localToScreen(350, 200)).dropTo(view.localToScreen(450, 220));
        robot.interact(view::layout);
        assertThat(view.centreOf("a0.h1").getX()).isGreaterThan(close.getX() + 50);
        robot.type(KeyCode.DIGIT0);
        robot.interact(view::layout);
        assertThat(view.centreOf("a0.h1")).isEqualTo(before);
    }
}
