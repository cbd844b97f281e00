package org.headscope.app.control.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javafx.scene.control.SplitPane;
import javafx.stage.Stage;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Stages;
import org.headscope.app.walk.FrameWatch;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

/** Graphs with as many lines as models have that people work with. */
@GuiTest
class LargeGraphGuiTest {
    private static final double FROZEN_MS = 250;

    private final GraphModel model = new GraphModel();
    private GraphView view;

    @Start
    void start(Stage stage) {
        view = new GraphView(model);
        Stages.show(stage, new SplitPane(view, new FlowTable(model)), 1000, 600);
    }

    /** The second is of GPT-2 small's size. */
    @ParameterizedTest
    @CsvSource({"24, 24, 10000", "12, 12, 32491"})
    void windowAnswersWhileALargeGraphIsDrawn(int layers, int heads, int count, FxRobot robot) throws Exception {
        GraphData large = large(layers, heads, count);
        try (FrameWatch watch = new FrameWatch(FROZEN_MS)) {
            robot.interact(() -> model.show(large));
            TestBench.waitFor(() -> view.drawn() == count);
            robot.interact(() -> model.point(head(layers / 2, 5)));
            robot.interact(model::clear);
            robot.interact(() -> model.point(large.flows().get(0)));
            robot.interact(() -> {}); // what was drawn is on the screen
            assertThat(watch.stalls()).isEmpty();
        }
    }

    @Test
    void largestLinesAreThereAtOnceAndAnotherGraphReplacesThoseOnTheirWay(FxRobot robot) {
        robot.interact(() -> {
            model.show(large(12, 12, 20_000));
            view.layout();
            assertThat(view.drawn()).isBetween(1, 19_999);
        });
        robot.interact(() -> {
            model.show(large(4, 4, 40));
            view.layout();
            assertThat(view.drawn()).isEqualTo(40);
        });
        robot.sleep(300);
        assertThat(view.drawn()).isEqualTo(40);
    }

    private static GraphPart head(int layer, int head) {
        return new GraphPart(
                "a" + layer + ".h" + head, layer + "." + head, GraphPart.Kind.HEAD, layer, head, Double.NaN);
    }

    private static GraphData large(int layers, int heads, int count) {
        List<GraphPart> parts = new ArrayList<>();
        parts.add(new GraphPart("input", "input", GraphPart.Kind.INPUT, -1, 0, Double.NaN));
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
