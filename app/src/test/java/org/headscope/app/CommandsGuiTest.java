package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.headscope.analysis.spi.Analysis;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.testing.FreshHome;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/** The whole window on the shipped model, steered by the keyboard: palette, undo, shortcuts, and the mask that holds. */
@GuiTest
@Tag("engine")
class CommandsGuiTest {

    @RegisterExtension
    final FreshHome home = new FreshHome();

    @Test
    void everythingIsFoundByTypingAndMaskEditsGoBackAndForth(FxRobot robot) throws Exception {
        Stage stage = FxToolkit.registerPrimaryStage();
        HeadscopeApp app = (HeadscopeApp) FxToolkit.setupApplication(HeadscopeApp::new);
        GuiWait.untilVisible(robot, "#prompt");
        TestBench.waitFor(() -> stage.getTitle().contains("world-6l"));
        GridView<?> heads = robot.lookup("#heads").queryAs(GridView.class);
        TestBench.waitFor(() -> heads.model().values().rows() == 6);

        robot.clickOn(heads.localToScreen(heads.centreOf(new GridCell(1, 4))));
        robot.clickOn(heads.localToScreen(heads.centreOf(new GridCell(1, 5))));
        assertThat(masked(robot)).contains("2 masked");
        robot.press(KeyCode.SHORTCUT, KeyCode.Z).release(KeyCode.Z, KeyCode.SHORTCUT);
        TestBench.waitFor(() -> masked(robot).contains("1 masked"));
        robot.press(KeyCode.SHORTCUT, KeyCode.SHIFT, KeyCode.Z).release(KeyCode.Z, KeyCode.SHIFT, KeyCode.SHORTCUT);
        TestBench.waitFor(() -> masked(robot).contains("2 masked"));

        palette(robot, "masother");
        TestBench.waitFor(() -> masked(robot).contains("46 masked"));
        palette(robot, "undo");
        TestBench.waitFor(() -> masked(robot).contains("2 masked"));

        open(robot, "attrpat");
        Screenshots.take(robot.window(this::isPopup).getScene(), "palette");
        robot.type(KeyCode.ENTER);
        GuiWait.untilVisible(robot, "#analysis");
        ComboBox<?> analysis = robot.lookup("#analysis").queryAs(ComboBox.class);
        assertThat(((Analysis<?, ?>) analysis.getValue()).info().id()).isEqualTo("attribution-patch");
        assertThat(robot.lookup("#mask-holds").queryAs(Label.class).getText()).contains("2 masked parts", "zero");
        FxToolkit.cleanupApplication(app);
    }

    private static String masked(FxRobot robot) {
        return robot.lookup("#heads").queryAs(GridView.class).getAccessibleText();
    }

    private void palette(FxRobot robot, String letters) {
        open(robot, letters);
        robot.type(KeyCode.ENTER);
        TestBench.waitFor(() -> Window.getWindows().stream().noneMatch(this::isPopup));
    }

    private void open(FxRobot robot, String letters) {
        robot.press(KeyCode.SHORTCUT, KeyCode.K).release(KeyCode.K, KeyCode.SHORTCUT);
        TestBench.waitFor(() -> Window.getWindows().stream().anyMatch(this::isPopup));
        TextField field = robot.lookup("#palette-field").queryAs(TextField.class);
        robot.interact(() -> field.setText(letters));
        ListView<?> list = robot.lookup("#palette-list").queryAs(ListView.class);
        assertThat(list.getSelectionModel().getSelectedItem()).as(letters).isNotNull();
    }

    private boolean isPopup(Window window) {
        return window.isShowing()
                && window.getScene() != null
                && !Set.copyOf(window.getScene().getRoot().lookupAll("#palette-field"))
                        .isEmpty();
    }
}
