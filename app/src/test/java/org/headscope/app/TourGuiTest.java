package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.explore.PredictionRow;
import org.headscope.app.testing.FreshHome;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.handbuilt.InductionModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/**
 * A walk through the real window with the model built by hand, by mouse and keys: its answers are known by construction.
 */
@GuiTest
@Tag("engine")
class TourGuiTest {
    private static final String START = "apple bird cloud door apple bird cloud";
    private static final String CLEAN = "apple bird cloud door apple";
    private static final String CORRUPT = "apple fish cloud door apple";

    @RegisterExtension
    final FreshHome home = new FreshHome();

    @Test
    void shippedModelIsOpenedMaskedPatchedLookedAtAndRemembered(FxRobot robot) throws Exception {
        Stage stage = FxToolkit.registerPrimaryStage();
        HeadscopeApp app = (HeadscopeApp) FxToolkit.setupApplication(HeadscopeApp::new);
        Scene scene = stage.getScene();
        GuiWait.untilVisible(robot, "#prompt");

        open(robot, stage);
        explore(robot, scene);
        attention(robot, scene);
        patch(robot, scene);
        mask(robot, scene);
        history(robot, scene);
        FxToolkit.cleanupApplication(app);
    }

    /** The answers of the tour are those of one model, whichever opens first. */
    private static void open(FxRobot robot, Stage stage) {
        MenuButton picker = robot.lookup("#model-picker").queryAs(MenuButton.class);
        MenuItem model = picker.getItems().stream()
                .filter(item -> InductionModel.NAME.equals(item.getText()))
                .findFirst()
                .orElseThrow();
        robot.interact(model::fire);
        TextField prompt = robot.lookup("#prompt").queryAs(TextField.class);
        TestBench.waitFor(() -> stage.getTitle().contains(InductionModel.NAME)
                && prompt.getText().equals(START));
    }

    private static void explore(FxRobot robot, Scene scene) throws Exception {
        write(robot, "#prompt", CLEAN);
        TokenStrip tokens = robot.lookup("#tokens").queryAs(TokenStrip.class);
        TestBench.waitFor(() -> tokens.model().tokensProperty().get().size() == 6
                && !predictions(robot).isEmpty()
                && predictions(robot).get(0).text().strip().equals("bird"));
        assertThat(predictions(robot).get(0).after()).isCloseTo(0.9986, within(1e-4));

        choose(robot, "#score", "Induction score");
        clickHead(robot, "#heads", 1, 2);
        TestBench.waitFor(() -> predictions(robot).get(0).after() < 0.5);
        assertThat(predictions(robot).get(0).after()).isCloseTo(1 / 32.0, within(1e-3));
        GridView<?> grid = robot.lookup("#heads").queryAs(GridView.class);
        TestBench.waitFor(() -> grid.model().numberedProperty().get());
        assertThat((double) grid.model().values().get(1, 2)).isCloseTo(1.0, within(1e-4));
        assertThat((double) grid.model().values().get(0, 1)).isCloseTo(0.0, within(1e-4));
        robot.clickOn("#numbers");
        away(robot);
        Screenshots.take(scene, "tour-explore");
        robot.clickOn("#button-view-dark");
        away(robot);
        Screenshots.take(scene, "tour-explore-dark");
        robot.clickOn("#button-view-dark");
    }

    private static void attention(FxRobot robot, Scene scene) throws Exception {
        robot.clickOn("#nav-attention");
        GuiWait.untilVisible(robot, "#pattern");
        GridView<?> map = robot.lookup("#pattern").queryAs(GridView.class);
        TestBench.waitFor(() -> !map.model().values().isEmpty());
        assertThat((double) map.model().values().get(5, 2)).isCloseTo(1.0, within(1e-6));
        robot.clickOn(map.localToScreen(map.centreOf(new GridCell(5, 2))));
        assertThat(text(robot, "#read-out")).contains("apple", "bird", "with 1");
        away(robot);
        Screenshots.take(scene, "tour-attention");
    }

    private static void patch(FxRobot robot, Scene scene) throws Exception {
        robot.clickOn("#nav-patch");
        GuiWait.untilVisible(robot, "#param-clean");
        TestBench.waitFor(() -> text(robot, "#mask-holds").contains("1 masked parts"));
        robot.press(KeyCode.SHORTCUT, KeyCode.Z).release(KeyCode.Z, KeyCode.SHORTCUT);
        TestBench.waitFor(() -> text(robot, "#mask-holds").equals("No mask holds"));
        write(robot, "#param-clean", CLEAN);
        write(robot, "#param-corrupt", CORRUPT);
        write(robot, "#param-answer", "bird");
        write(robot, "#param-foil", "fish");
        choose(robot, "#param-site", "Head z");
        robot.clickOn("#run");
        TestBench.waitFor(() -> text(robot, "#runs").contains("clean 10"));
        GridView<?> effect = robot.lookup("#effect .result-grid").queryAs(GridView.class);
        assertThat((double) effect.model().values().get(1, 2)).isCloseTo(1.0, within(1e-4));
        robot.clickOn(effect.localToScreen(effect.centreOf(new GridCell(1, 2))));
        assertThat(text(robot, "#details")).startsWith("layer 1, head 2: normalised logit difference 1");
        away(robot);
        Screenshots.take(scene, "tour-patch");
    }

    private static void mask(FxRobot robot, Scene scene) throws Exception {
        robot.clickOn("#nav-mask");
        GuiWait.untilVisible(robot, "#mask-rows");
        robot.press(KeyCode.SHORTCUT, KeyCode.SHIFT, KeyCode.Z).release(KeyCode.Z, KeyCode.SHIFT, KeyCode.SHORTCUT);
        assertThat(robot.lookup("#mask-rows").queryAs(TableView.class).getItems())
                .hasSize(1);
        away(robot);
        Screenshots.take(scene, "tour-mask");
    }

    private static void history(FxRobot robot, Scene scene) throws Exception {
        robot.clickOn("#nav-history");
        GuiWait.untilVisible(robot, "#runs");
        TableView<?> runs = robot.lookup("#runs").queryAs(TableView.class);
        TestBench.waitFor(() -> runs.getItems().size() == 1);
        robot.interact(() -> runs.getSelectionModel().select(0));
        TestBench.waitFor(() -> robot.lookup(".panel-card").tryQuery().isPresent());
        assertThat(robot.lookup("#history-command").queryAs(TextField.class).getText())
                .startsWith("headscope run activation-patch --model induction-2l --clean ");
        away(robot);
        Screenshots.take(scene, "tour-history");
    }

    private static List<PredictionRow> predictions(FxRobot robot) {
        TableView<PredictionRow> table = robot.lookup("#predictions").queryTableView();
        return table.getItems();
    }

    private static void clickHead(FxRobot robot, String query, int layer, int head) {
        GridView<?> grid = robot.lookup(query).queryAs(GridView.class);
        robot.clickOn(grid.localToScreen(grid.centreOf(new GridCell(layer, head))));
    }

    /** Sets the text at once: keys typed into a busy window can get lost, and typing is tested elsewhere. */
    private static void write(FxRobot robot, String query, String text) {
        robot.interact(() -> robot.lookup(query).queryAs(TextInputControl.class).setText(text));
    }

    private static String text(FxRobot robot, String query) {
        return robot.lookup(query).queryAs(Label.class).getText();
    }

    /** Lists of the same words stand in several views, so the list itself is told what to choose. */
    private static <T> void choose(FxRobot robot, String query, String words) {
        ComboBox<T> box = robot.lookup(query).queryComboBox();
        T wanted = box.getItems().stream()
                .filter(item -> box.getConverter().toString(item).equals(words))
                .findFirst()
                .orElseThrow(() -> new AssertionError(words + " is not offered in " + query));
        robot.interact(() -> box.setValue(wanted));
    }

    /** Moves the mouse where nothing reacts to it, so that no tooltip is in the picture. */
    private static void away(FxRobot robot) {
        Node header = robot.lookup(".status-bar").query();
        robot.moveTo(header);
    }
}
