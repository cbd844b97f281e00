package org.headscope.app.analyses;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
@Tag("engine")
class AnalysesGuiTest {
    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final AnalysesViewModel model = new AnalysesViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new AnalysesView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 1000, 700);
        table.bench.promptProperty().set("ids:0,1,2,3,4,1");
        table.showInductionModel();
        model.chosenProperty().set(table.bench.services().analyses().get("head-ablation"));
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void anyAnalysisRunsFromItsDeclarationAlone(FxRobot robot) throws Exception {
        assertThat(model.formProperty().get().texts()).containsEntry("prompt", "ids:0,1,2,3,4,1");
        robot.interact(this::nameAnswerAndFoil);
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);

        assertThat(model.run().panels()).isNotEmpty();
        assertThat(model.run().callProperty().get().commandLine())
                .startsWith("headscope run head-ablation --model ")
                .contains(" --prompt ids:0,1,2,3,4,1", " --answer ids:2");
        Screenshots.take(stage.getScene(), "analyses-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "analyses-dark");
    }

    @Test
    void missingPromptIsToldAtItsField(FxRobot robot) {
        robot.interact(() -> model.formProperty()
                .get()
                .field("prompt")
                .orElseThrow()
                .textProperty()
                .set(""));
        robot.clickOn("#run");

        assertThat(model.formProperty()
                        .get()
                        .field("prompt")
                        .orElseThrow()
                        .errorProperty()
                        .get())
                .contains("--prompt is missing");
        assertThat(model.run().runningProperty().get()).isFalse();
    }

    private void nameAnswerAndFoil() {
        model.formProperty().get().field("answer").orElseThrow().textProperty().set("ids:2");
        model.formProperty().get().field("foil").orElseThrow().textProperty().set("ids:5");
    }
}
