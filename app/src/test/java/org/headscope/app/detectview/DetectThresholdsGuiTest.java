package org.headscope.app.detectview;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.Node;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.testing.GuiTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** Thresholds find the one head of the model that a score is known to belong to. */
@GuiTest
@Tag("engine")
class DetectThresholdsGuiTest {
    @RegisterExtension
    final DetectDesk desk = new DetectDesk();

    @Test
    void thresholdsLeaveExactlyTheHeadsThatMeetAll(FxRobot robot) {
        desk.run(robot);
        desk.choose(robot, "#add-threshold", DetectDesk.INDUCTION);
        assertThat(desk.model().thresholds().meetingProperty().get()).containsExactly(DetectDesk.INDUCTION_HEAD);
        assertThat(desk.text(robot, "#threshold-summary")).isEqualTo("1 of 8 heads meet all thresholds");
        assertThat(desk.model().grid().grid().outlinedProperty().get()).containsExactly(DetectDesk.INDUCTION_HEAD);
        assertThat(desk.model().plot().scatter().outlinedProperty().get()).containsExactly(6);
        robot.clickOn("#copy-meeting");
        robot.interact(
                () -> assertThat(Clipboard.getSystemClipboard().getString()).isEqualTo("1.2"));

        desk.choose(robot, "#add-threshold", DetectDesk.PREVIOUS);
        assertThat(desk.text(robot, "#threshold-summary")).startsWith("No head meets all thresholds");
        assertThat(robot.lookup("#mask-meeting").query().isDisabled()).isTrue();

        robot.clickOn(robot.lookup(".threshold-side").nth(1).<Node>query());
        assertThat(desk.model().thresholds().meetingProperty().get()).containsExactly(DetectDesk.INDUCTION_HEAD);
        robot.clickOn("#only-meeting");
        assertThat(desk.heads(robot).getItems()).containsExactly(DetectDesk.INDUCTION_HEAD);
    }

    @Test
    void maskTheseMasksWhatMeetsAndUndoTakesItBack(FxRobot robot) {
        desk.run(robot);
        desk.choose(robot, "#add-threshold", DetectDesk.INDUCTION);
        robot.clickOn("#mask-meeting");
        HeadMask mask = desk.bench().maskProperty().get();
        assertThat(mask.entries()).containsOnlyKeys(MaskUnit.head(1, 2)).containsValue(MaskSetting.ZERO);
        assertThat(desk.text(robot, "#outdated")).startsWith("3 of 3 scores were measured with another mask");

        robot.interact(() -> desk.bench().edits().undo());
        assertThat(desk.masked()).isEmpty();
        assertThat(desk.text(robot, "#outdated")).isEmpty();
    }

    @Test
    void typedThresholdAndSliderAreTheSame(FxRobot robot) {
        desk.run(robot);
        desk.choose(robot, "#add-threshold", DetectDesk.PREVIOUS);
        TextField field = robot.lookup(".threshold-value").queryAs(TextField.class);
        robot.clickOn(field).eraseText(field.getText().length()).write("0.25").type(KeyCode.ENTER);
        Slider slider = robot.lookup(".threshold-slider").queryAs(Slider.class);
        assertThat(slider.getValue()).isEqualTo(0.25);
        robot.clickOn(field).write("x").type(KeyCode.ENTER);
        assertThat(field.getText()).isEqualTo("0.25");
    }
}
