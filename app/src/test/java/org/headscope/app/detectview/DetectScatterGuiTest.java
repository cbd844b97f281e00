package org.headscope.app.detectview;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.stat.RankCorrelation;
import org.headscope.app.control.scatter.Scatter;
import org.headscope.app.testing.GuiTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** Two scores against each other, on a model with one head of each kind. */
@GuiTest
@Tag("engine")
class DetectScatterGuiTest {
    @RegisterExtension
    final DetectDesk desk = new DetectDesk();

    @Test
    void scatterSelectsByClickAndByKeyboard(FxRobot robot) {
        desk.run(robot);
        robot.interact(() -> desk.model().plot().yProperty().set(DetectDesk.INDUCTION));
        Scatter scatter = robot.lookup("#scatter").queryAs(Scatter.class);
        int induction = 6;
        robot.clickOn(scatter.localToScreen(scatter.centreOf(induction)));
        assertThat(desk.bench().headProperty().get()).isEqualTo(MaskUnit.head(1, 2));
        assertThat(desk.model().plot().scatter().describe(induction))
                .startsWith("Head 1.2: Previous-token score ")
                .endsWith(", Induction score 1");

        robot.type(
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT,
                KeyCode.RIGHT);
        assertThat(desk.bench().headProperty().get()).isEqualTo(MaskUnit.head(0, 1));
        assertThat(desk.heads(robot).getSelectionModel().getSelectedItems()).containsExactly(DetectDesk.PREVIOUS_HEAD);
        assertThat(desk.model().pick().headsProperty().get()).containsExactly(DetectDesk.PREVIOUS_HEAD);
        assertThat(scatter.getAccessibleText()).contains("8 points", "Head 0.1: Previous-token score 1");
    }

    @Test
    void draggedRectangleSelectsWhatLiesInIt(FxRobot robot) {
        desk.run(robot);
        robot.interact(() -> desk.model().plot().yProperty().set(DetectDesk.INDUCTION));
        Scatter scatter = robot.lookup("#scatter").queryAs(Scatter.class);
        Point2D at = scatter.localToScreen(scatter.centreOf(6));
        robot.drag(at.subtract(9, 9)).moveTo(at).dropTo(at.add(14, 14));

        assertThat(desk.model().pick().headsProperty().get()).containsExactly(DetectDesk.INDUCTION_HEAD);
    }

    @Test
    void rankCorrelationIsThatOfTheTwoScores(FxRobot robot) {
        desk.run(robot);
        robot.interact(() -> desk.model().plot().yProperty().set(DetectDesk.INDUCTION));
        Score x = desk.model().board().score(DetectDesk.PREVIOUS).orElseThrow();
        Score y = desk.model().board().score(DetectDesk.INDUCTION).orElseThrow();
        double rho =
                new RankCorrelation(x.panel().grid().toArray(), y.panel().grid().toArray()).rho();

        Agreement found = Agreement.of(x, y, desk.model().board().heads(), 0);
        assertThat(found.rho()).isEqualTo(rho);
        assertThat(found.p()).isBetween(0.0, 1.0);
        assertThat(robot.lookup("#agreement").queryAs(Label.class).getText())
                .isEqualTo(found.words())
                .contains("8 heads");
    }
}
