package org.headscope.app.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridView;
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
class AttentionGuiTest {
    private final TestBench table = new TestBench(FxExecutor.INSTANCE);
    private final AttentionViewModel model = new AttentionViewModel(table.bench);
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        StackPane root = new StackPane(new AttentionView(model, new Label("empty")).node());
        root.getStyleClass().add("view-host");
        themes = Stages.show(stage, root, 960, 640);
        table.bench.promptProperty().set("ids:0,1,2,3,4,1");
        table.showInductionModel();
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void arrowsLeadToTheInductionHeadWhichLooksAtTheFollower(FxRobot robot) {
        waitForPattern("0.0");
        robot.interact(() -> robot.lookup("#attention-heads").query().requestFocus());
        robot.type(KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT);
        waitForPattern("1.2");

        assertThat((double) model.map().values().get(5, 2)).isCloseTo(1.0, within(1e-6));
        assertThat((double) model.map().values().get(5, 1)).isCloseTo(0.0, within(1e-6));
        assertThat(table.bench.headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
    }

    @Test
    void pointingAtACellReadsItOut(FxRobot robot) {
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(1, 2)));
        waitForPattern("1.2");
        GridView<?> map = robot.lookup("#pattern").queryAs(GridView.class);
        robot.moveTo(map.localToScreen(map.centreOf(new GridCell(5, 2))));
        TestBench.waitFor(() -> model.map().hoveredProperty().get() != null);

        assertThat(model.readOutProperty().get()).isEqualTo("Position 5 “1” looks at position 2 “2” with 1");
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> table.bench.headProperty().set(MaskUnit.head(1, 2)));
        waitForPattern("1.2");
        robot.interact(() -> model.map().cursorProperty().set(new GridCell(5, 2)));
        Screenshots.take(stage.getScene(), "attention-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "attention-dark");
    }

    private void waitForPattern(String head) {
        TestBench.waitFor(() -> model.titleProperty().get().endsWith(head));
    }
}
