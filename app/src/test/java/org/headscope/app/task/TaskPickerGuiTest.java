package org.headscope.app.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.app.analyses.AnalysesViewModel;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.patch.PatchView;
import org.headscope.app.patch.PatchViewModel;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.testing.StandIn;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
@Tag("engine")
class TaskPickerGuiTest {
    @TempDir
    static Path folder;

    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final PatchViewModel model = new PatchViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @BeforeAll
    static void write() {
        StandIn.write(folder);
    }

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new PatchView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1000, 800);
        table.bench.show(new OpenModel(ModelLoader.load(folder)));
        model.tasks().chosenProperty().set(TaskRegistry.require("ioi"));
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void drawnExampleIsPatchedWithItsOwnAnswers(FxRobot robot) throws Exception {
        robot.clickOn("#draw");
        waitForClean("");
        robot.interact(() -> model.text("site").set("head-z"));
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);

        assertThat(text("clean")).isEqualTo(drawn(0).example().prompt());
        assertThat(text("corrupt")).isEqualTo(drawn(0).example().corrupt());
        assertThat(text("answer")).isEqualTo(drawn(0).example().answers().get(0));
        assertThat(model.pair().alignedProperty().get()).isTrue();
        assertThat(difference("clean")).isCloseTo(oracle(drawn(0), drawn(0).clean()), within(1e-4));
        assertThat(difference("corrupt")).isCloseTo(oracle(drawn(0), drawn(0).corrupt()), within(1e-4));
        Screenshots.take(stage.getScene(), "tasks-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "tasks-dark");
    }

    @Test
    void keysDrawOneExampleAfterTheOther(FxRobot robot) {
        robot.interact(() -> robot.lookup("#task").query().requestFocus());
        robot.type(KeyCode.TAB, KeyCode.SPACE);
        waitForClean("");
        String first = text("clean");
        robot.type(KeyCode.SPACE);
        waitForClean(first);

        assertThat(first).isEqualTo(drawn(0).example().prompt());
        assertThat(text("clean")).isEqualTo(drawn(1).example().prompt());
    }

    @Test
    void refusalIsToldInWordsAndNothingIsChanged(FxRobot robot) {
        robot.clickOn("#draw");
        waitForClean("");
        String before = text("clean");
        robot.interact(table::showInductionModel);
        robot.clickOn("#draw");
        TestBench.waitFor(() -> !model.tasks().errorProperty().get().isEmpty());

        assertThat(model.tasks().errorProperty().get()).contains("token ids only", "tokenizer.json");
        assertThat(text("clean")).isEqualTo(before);
        assertThat(table.failures).isEmpty();
    }

    @Test
    void anyFormWithTwoPromptsHasThePickerAndOthersDoNot(FxRobot robot) {
        robot.interact(() -> {
            AnalysesViewModel analyses = new AnalysesViewModel(table.bench);
            analyses.chosenProperty().set(table.bench.services().analyses().get("head-ablation"));
            assertThat(analyses.tasks().fitsProperty().get()).isFalse();
            analyses.chosenProperty().set(table.bench.services().analyses().get("activation-patch"));
            assertThat(analyses.tasks().fitsProperty().get()).isTrue();
        });
    }

    private void waitForClean(String other) {
        TestBench.waitFor(() -> !text("clean").equals(other) && !text("foil").isEmpty());
    }

    private String text(String name) {
        return model.text(name).get();
    }

    private static EncodedExample drawn(long seed) {
        try (HookedTransformer own = ModelLoader.load(folder)) {
            return TaskEncoder.of(own, BosPolicy.AUTO)
                    .draw(TaskRegistry.require("ioi"), Split.HELD_OUT, 1, seed)
                    .get(0);
        }
    }

    private double difference(String run) {
        List<List<Object>> rows = model.run().panels().stream()
                .filter(Table.class::isInstance)
                .map(Table.class::cast)
                .findFirst()
                .orElseThrow()
                .rows();
        return (double) rows.stream()
                .filter(row -> row.get(0).equals(run))
                .findFirst()
                .orElseThrow()
                .get(1);
    }

    /** The difference of the two logits from a plain run of a model of its own. */
    private static double oracle(EncodedExample example, int[] ids) {
        try (HookedTransformer own = ModelLoader.load(folder);
                RunResult run =
                        own.run(RunRequest.of(TokenBatch.of(ids)).lastLogits().build())) {
            float[] logits = run.logits().toFloatArray();
            return logits[example.answers()[0]] - logits[example.corruptAnswers()[0]];
        }
    }
}
