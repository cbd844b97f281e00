package org.headscope.app.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.panel.GridPanelModel;
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

/** In the clean prompt token 1 was followed by 2, in the corrupt one by 5; head 1.2 alone carries that. */
@GuiTest
@Tag("engine")
class PatchGuiTest {
    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final PatchViewModel model = new PatchViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new PatchView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 980, 640);
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void cellOfTheInductionHeadIsOneAndTheOthersOfItsLayerZero(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "head_z");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        GridPanelModel effect = model.effectProperty().get();

        assertThat((double) effect.cells().values().get(1, 2)).isCloseTo(1.0, within(1e-4));
        assertThat((double) effect.cells().values().get(1, 1)).isCloseTo(0.0, within(1e-4));
        assertThat(model.runsProperty().get()).contains("clean 10", "corrupt −10");
    }

    @Test
    void clickOnACellOpensItsNumbers(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,4,1", "head_z");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null);
        GridView<?> grid = robot.lookup("#effect .result-grid").queryAs(GridView.class);
        robot.clickOn(grid.localToScreen(grid.centreOf(new GridCell(1, 2))));

        assertThat(model.detailsProperty().get())
                .isEqualTo("layer 1, head 2: normalised logit difference 1 · logit difference 10");
    }

    @Test
    void unequalLengthsAreExplainedBeforeAndAfterRunning(FxRobot robot) {
        fill(robot, "ids:0,1,5,3,1", "head_z");
        TestBench.waitFor(() -> !model.alignedProperty().get());

        assertThat(model.pairTextProperty().get()).contains("6 tokens", "one 5", "“2|3|4”", "“5|3”");
        assertThat(model.cleanTokens().markedProperty().get()).isEqualTo(Set.of(2, 3, 4));

        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.run().errorProperty().get().isEmpty());
        assertThat(model.run().errorProperty().get()).contains("clean has 6", "corrupt has 5");
        assertThat(model.text("clean").get()).isEqualTo("ids:0,1,2,3,4,1");
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        fill(robot, "ids:0,1,5,3,4,1", "resid_pre");
        robot.clickOn("#run");
        TestBench.waitFor(() -> model.run().resultProperty().get() != null
                && !model.pairTextProperty().get().isEmpty());
        robot.interact(() -> model.effectProperty().get().choose(new GridCell(1, 2)));
        Screenshots.take(stage.getScene(), "patch-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "patch-dark");
        robot.interact(() -> {
            model.text("corrupt").set("ids:0,1,5,3,1");
            model.text("site").set(site("head_z_by_pos"));
        });
        TestBench.waitFor(() -> !model.alignedProperty().get());
        robot.clickOn("#run");
        TestBench.waitFor(() -> !model.run().errorProperty().get().isEmpty());
        Screenshots.take(stage.getScene(), "patch-error-dark");
    }

    private void fill(FxRobot robot, String corrupt, String site) {
        robot.interact(() -> {
            model.text("clean").set("ids:0,1,2,3,4,1");
            model.text("corrupt").set(corrupt);
            model.text("answer").set("ids:2");
            model.text("foil").set("ids:5");
            model.text("site").set(site(site));
        });
    }

    /** The spelling in which the parameter offers a site. */
    private String site(String name) {
        return model.form().field("site").orElseThrow().spec().choices().stream()
                .filter(choice -> choice.replace('-', '_').equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow();
    }
}
