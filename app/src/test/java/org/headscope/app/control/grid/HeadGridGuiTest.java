package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.geometry.Insets;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@GuiTest
class HeadGridGuiTest {
    private final HeadGridModel model = new HeadGridModel();
    private HeadGrid grid;
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        model.valuesProperty().set(GridSamples.heads(12, 12));
        model.valueTitleProperty().set("logit difference");
        grid = new HeadGrid(model);
        StackPane root = new StackPane(grid);
        root.setPadding(new Insets(16));
        themes = Stages.show(stage, root, 640, 520);
    }

    @Test
    void clickMasksTheHeadUnderTheMouse(FxRobot robot) {
        click(robot, 3, 5);

        assertThat(model.marks().cells()).isEqualTo(Set.of(new GridCell(3, 5)));
    }

    @Test
    void clickOnALayersNumberMasksTheWholeLayer(FxRobot robot) {
        Rectangle2D first = grid.geometry().bounds(new GridCell(4, 0));
        robot.clickOn(grid.localToScreen(first.getMinX() - 10, first.getMinY() + first.getHeight() / 2));

        assertThat(model.marks().cells()).hasSize(12).allMatch(cell -> cell.row() == 4);
    }

    @Test
    void shiftClickSelectsARangeAndSpaceMasksIt(FxRobot robot) {
        click(robot, 1, 1);
        robot.press(KeyCode.SHIFT);
        click(robot, 2, 3);
        robot.release(KeyCode.SHIFT);
        robot.type(KeyCode.SPACE);

        assertThat(model.marks().cells())
                .isEqualTo(Set.of(
                        new GridCell(1, 1),
                        new GridCell(1, 2),
                        new GridCell(1, 3),
                        new GridCell(2, 1),
                        new GridCell(2, 2),
                        new GridCell(2, 3)));
    }

    @Test
    void arrowsMoveAndSpaceMasks(FxRobot robot) {
        focus(robot);
        robot.type(KeyCode.DOWN, KeyCode.DOWN, KeyCode.DOWN, KeyCode.RIGHT, KeyCode.SPACE);

        assertThat(model.marks().cells()).isEqualTo(Set.of(new GridCell(2, 1)));
    }

    @Test
    void hoverShowsTheNumberInATooltip(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridValues.of(new float[][] {{0.25f, -1.5f}})));
        robot.moveTo(centre(0, 1));
        WaitForAsyncUtils.waitForFxEvents();

        List<Window> popups = robot.listWindows().stream()
                .filter(window -> window instanceof Tooltip)
                .toList();
        assertThat(popups).hasSize(1);
        assertThat(((Tooltip) popups.get(0)).getText()).isEqualTo("layer 0, head 1: −1.5");
    }

    @Test
    void accessibleTextSaysWhereTheCursorIs(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridValues.of(new float[][] {{0.25f, -1.5f}})));
        click(robot, 0, 0);

        assertThat(grid.getAccessibleText())
                .isEqualTo("Head grid, 1 layers by 2 heads, 1 masked. layer 0, head 0: 0.25, masked");
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> model.marksProperty()
                .set(HeadMarks.off(List.of(new GridCell(2, 3), new GridCell(7, 7), new GridCell(7, 8)))
                        .with(List.of(new GridCell(9, 2)), 0.5)));
        click(robot, 5, 5);
        robot.press(KeyCode.SHIFT);
        click(robot, 6, 8);
        robot.release(KeyCode.SHIFT);
        Screenshots.take(stage.getScene(), "head-grid-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "head-grid-dark");
        robot.interact(() -> model.numbersShownProperty().set(true));
        Screenshots.take(stage.getScene(), "head-grid-numbers-dark");
        robot.interact(() -> {
            themes.themeProperty().set(Theme.LIGHT);
            model.numbersShownProperty().set(false);
            model.valuesProperty().set(GridSamples.heads(48, 64));
        });
        Screenshots.take(stage.getScene(), "head-grid-48x64-light");
    }

    @Test
    void redrawOfTheLargestGridFitsAFrame(FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridSamples.heads(48, 64)));
        long[] best = {Long.MAX_VALUE};
        robot.interact(() -> {
            for (int i = 0; i < 30; i++) {
                long start = System.nanoTime();
                model.toggleLayer(i);
                grid.layout();
                best[0] = Math.min(best[0], System.nanoTime() - start);
            }
        });

        assertThat(best[0] / 1e6).as("milliseconds").isLessThan(16);
    }

    @Test
    void shiftEndSelectsTheRestOfALayer(FxRobot robot) {
        focus(robot);
        robot.type(KeyCode.DOWN, KeyCode.DOWN);
        robot.press(KeyCode.SHIFT).type(KeyCode.END).release(KeyCode.SHIFT);
        robot.type(KeyCode.SPACE);

        assertThat(model.marks().cells()).hasSize(12).allMatch(cell -> cell.row() == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 32})
    void redrawAfterAChangedNumberFitsAFrame(int side, FxRobot robot) {
        robot.interact(() -> model.valuesProperty().set(GridSamples.heads(side, side)));
        List<Double> millis = new ArrayList<>();
        robot.interact(() -> {
            for (int i = 0; i < 60; i++) {
                long start = System.nanoTime();
                model.setCell(i % side, side - 1 - i % side, i);
                grid.layout();
                millis.add((System.nanoTime() - start) / 1e6);
            }
        });

        assertThat(millis.subList(20, 60).stream().sorted().toList().get(20))
                .as("median of milliseconds")
                .isLessThan(16);
    }

    private void focus(FxRobot robot) {
        robot.interact(grid::requestFocus);
    }

    private void click(FxRobot robot, int layer, int head) {
        robot.clickOn(centre(layer, head));
    }

    private Point2D centre(int layer, int head) {
        Rectangle2D cell = grid.geometry().bounds(new GridCell(layer, head));
        return grid.localToScreen(cell.getMinX() + cell.getWidth() / 2, cell.getMinY() + cell.getHeight() / 2);
    }
}
