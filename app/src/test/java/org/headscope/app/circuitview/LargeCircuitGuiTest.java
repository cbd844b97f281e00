package org.headscope.app.circuitview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Stages;
import org.headscope.app.walk.FrameWatch;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

/** A model with as many heads, and so edges, as GPT-2 small, though narrow. */
@GuiTest
@Tag("engine")
class LargeCircuitGuiTest {
    private static final double FROZEN_MS = 250;
    private static final int EDGES = 32_491;
    private static final Dims NARROW = new Dims(12, 12, 12, 24, 2, 24, 16, 32);

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final CircuitViewModel model = new CircuitViewModel(table.bench);

    @Start
    void start(Stage stage) {
        StackPane root = new StackPane(new CircuitView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        Stages.show(stage, root, 1040, 740);
        table.bench.show(new OpenModel(RandomModel.of(RandomModel.gpt2(NARROW), 3)));
    }

    @AfterEach
    void close() {
        table.close();
        assertThat(table.failures).isEmpty();
    }

    @Test
    void sliderMayBeDraggedThroughThirtyThousandEdges(FxRobot robot) throws Exception {
        Map<String, String> asked =
                Map.of("clean", "ids:0,1,2,3", "corrupt", "ids:0,1,4,3", "answer", "ids:8", "foil", "ids:12");
        robot.interact(() -> asked.forEach((name, text) -> model.text(name).set(text)));
        try (FrameWatch watch = new FrameWatch(FROZEN_MS)) {
            robot.interact(model::start);
            TestBench.waitFor(() -> model.circuit().circuitProperty().get() != null);
            Slider slider = robot.lookup("#size").queryAs(Slider.class);
            for (int share = 0; share <= 20; share++) {
                double value = slider.getMax() * share / 20;
                robot.interact(() -> slider.setValue(value));
            }
            assertThat(model.circuit().graph().data().flows()).hasSize(EDGES);
            TestBench.waitFor(() -> model.circuit().measuredProperty().get() != null);
            assertThat(watch.stalls()).isEmpty();
        }
    }
}
