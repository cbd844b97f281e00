package org.headscope.app.control.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
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

    @Test
    void sixHundredPartsAndTenThousandFlowsStayUsable(FxRobot robot) {
        GraphData large = large(24, 24, 10_000);
        robot.interact(() -> {
            model.show(large);
            view.layout();
        });
        long begin = System.nanoTime();
        robot.interact(() -> {
            model.show(large);
            view.layout();
            view.snapshot(null, null);
        });
        Duration drawn = Duration.ofNanos(System.nanoTime() - begin);
        begin = System.nanoTime();
        robot.interact(() -> {
            model.point(head(12, 5));
            view.snapshot(null, null);
        });
        Duration pointed = Duration.ofNanos(System.nanoTime() - begin);

        assertThat(large.parts()).hasSizeGreaterThanOrEqualTo(600);
        assertThat(view.drawn()).isEqualTo(10_000);
        assertThat(drawn).isLessThan(Duration.ofSeconds(4));
        assertThat(pointed).isLessThan(Duration.ofSeconds(2));
    }

    private static GraphData large(int layers, int heads, int count) {
        List<GraphPart> parts = new ArrayList<>(List.of(INPUT));
        for (int layer = 0; layer < layers; layer++) {
            for (int head = 0; head < heads; head++) {
                parts.add(head(layer, head));
            }
            parts.add(new GraphPart("m" + layer, "m" + layer, GraphPart.Kind.MLP, layer, 0, Double.NaN));
        }
        parts.add(new GraphPart("logits", "logits", GraphPart.Kind.LOGITS, layers, 0, Double.NaN));
        Random random = new Random(1);
        List<GraphFlow> flows = new ArrayList<>();
        while (flows.size() < count) {
            GraphPart from = parts.get(random.nextInt(parts.size()));
            GraphPart to = parts.get(random.nextInt(parts.size()));
            if (from.layer() < to.layer()) {
                flows.add(new GraphFlow(from.id(), to.id(), "", random.nextGaussian()));
            }
        }
        return new GraphData(parts, flows, new GraphPart.Columns(heads, heads));
    }
}
