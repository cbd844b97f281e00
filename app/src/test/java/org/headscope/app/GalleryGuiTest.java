package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.stage.Stage;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.testing.FreshHome;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Legible;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/**
 * Every view of the real window at work on the shipped model, in light and in dark: nothing cut off, no button without a name. Its
 * pictures are those of the documentation: run it with {@code -Dheadscope.screenshots=<docs/images>} to make them again.
 */
@GuiTest
@Tag("engine")
class GalleryGuiTest {
    private final List<String> complaints = new ArrayList<>();

    @RegisterExtension
    final FreshHome home = new FreshHome();

    @Test
    void everyViewCanBeReadInLightAndDark(FxRobot robot) throws Exception {
        Stage stage = FxToolkit.registerPrimaryStage();
        HeadscopeApp app = (HeadscopeApp) FxToolkit.setupApplication(HeadscopeApp::new);
        Scene scene = stage.getScene();
        GuiWait.untilVisible(robot, "#predictions");

        explore(robot);
        picture(robot, scene, "explore");
        undo(robot);
        patch(robot);
        picture(robot, scene, "patch");
        attribute(robot);
        picture(robot, scene, "attribute");
        detect(robot);
        picture(robot, scene, "detect");
        show(robot, "attention", "#pattern");
        filled(robot, "#pattern");
        picture(robot, scene, "attention");
        show(robot, "lens", "#layers");
        filled(robot, "#layers");
        picture(robot, scene, "lens");
        circuit(robot);
        picture(robot, scene, "circuit");
        analyses(robot);
        picture(robot, scene, "analyses");
        lessons(robot, scene);
        mask(robot);
        picture(robot, scene, "mask");
        history(robot);
        picture(robot, scene, "history");
        assertThat(complaints).isEmpty();
        FxToolkit.cleanupApplication(app);
    }

    private static void explore(FxRobot robot) throws Exception {
        choose(robot, "#score", "Induction score");
        filled(robot, "#heads");
        clickHead(robot, "#heads", 0, 4);
        TestBench.waitFor(
                () -> robot.lookup("#receipt").queryAs(Label.class).getText().contains("0.4"));
        robot.clickOn("#numbers");
    }

    private static void undo(FxRobot robot) {
        robot.clickOn("#clear-mask");
    }

    private static void patch(FxRobot robot) throws Exception {
        show(robot, "patch", "#task");
        drawPair(robot);
        robot.clickOn("#run");
        finish(robot);
        filled(robot, "#effect .result-grid");
    }

    private static void drawPair(FxRobot robot) {
        choose(robot, "#task", "Indirect object");
        robot.clickOn("#draw");
        TestBench.waitFor(() -> !robot.lookup("#param-corrupt")
                .queryAs(TextInputControl.class)
                .getText()
                .isEmpty());
    }

    private static void attribute(FxRobot robot) throws Exception {
        show(robot, "attribute", "#waterfall");
        filled(robot, "#heads");
        clickHead(robot, "#heads", 5, 3);
    }

    private static void detect(FxRobot robot) throws Exception {
        show(robot, "detect", "#head-table");
        robot.clickOn("#run");
        TestBench.waitFor(() -> rows(robot, "#head-table").size() == 48);
        finish(robot);
    }

    private static void circuit(FxRobot robot) throws Exception {
        show(robot, "circuit", "#task");
        drawPair(robot);
        robot.clickOn("#run");
        GuiWait.untilVisible(robot, "#graph");
        TestBench.waitFor(() ->
                robot.lookup("#faithfulness").queryAs(Label.class).getText().matches("Faithfulness −?\\d.*"));
        finish(robot);
    }

    private static void analyses(FxRobot robot) throws Exception {
        show(robot, "analyses", "#analysis");
        choose(robot, "#analysis", "Attention sinks");
        robot.clickOn("#run");
        finish(robot);
        GuiWait.untilVisible(robot, ".panel-card");
    }

    private void lessons(FxRobot robot, Scene scene) throws Exception {
        show(robot, "lessons", ".lesson-card");
        picture(robot, scene, "lessons");
        robot.clickOn("#lesson-02-induction");
        GuiWait.untilVisible(robot, "#lesson-place");
        TestBench.waitFor(() -> robot.lookup(".panel-card").tryQuery().isPresent()
                || robot.lookup("#lesson-heads").tryQuery().isPresent()
                || robot.lookup("#lesson-pattern").tryQuery().isPresent());
        picture(robot, scene, "lesson");
        robot.clickOn("#lessons-list");
    }

    private static void mask(FxRobot robot) throws Exception {
        show(robot, "mask", "#mask-grid");
        clickHead(robot, "#mask-grid", 1, 4);
        clickHead(robot, "#mask-grid", 1, 5);
        TestBench.waitFor(() -> rows(robot, "#mask-rows").size() == 2);
    }

    private static void history(FxRobot robot) throws Exception {
        show(robot, "history", "#runs");
        TestBench.waitFor(() -> rows(robot, "#runs").size() > 4);
        robot.interact(
                () -> robot.lookup("#runs").queryTableView().getSelectionModel().select(0));
        GuiWait.untilVisible(robot, ".panel-card");
    }

    private static void show(FxRobot robot, String view, String sign) throws Exception {
        robot.clickOn("#nav-" + view);
        GuiWait.untilVisible(robot, sign);
    }

    private static void finish(FxRobot robot) {
        TestBench.waitFor(() -> robot.lookup("#stop").queryAs(Button.class).isDisabled());
    }

    private static void filled(FxRobot robot, String query) {
        TestBench.waitFor(() -> robot.lookup(query)
                .tryQueryAs(GridView.class)
                .map(grid -> !grid.model().values().isEmpty())
                .orElse(false));
    }

    private static ObservableList<?> rows(FxRobot robot, String query) {
        TableView<?> table = robot.lookup(query).queryTableView();
        return table.getItems();
    }

    private static void clickHead(FxRobot robot, String query, int layer, int head) {
        GridView<?> grid = robot.lookup(query).queryAs(GridView.class);
        robot.clickOn(grid.localToScreen(grid.centreOf(new GridCell(layer, head))));
    }

    private static <T> void choose(FxRobot robot, String query, String words) {
        ComboBox<T> box = robot.lookup(query).queryComboBox();
        T wanted = box.getItems().stream()
                .filter(item -> box.getConverter().toString(item).contains(words))
                .findFirst()
                .orElseThrow(() -> new AssertionError(words + " is not offered in " + query));
        robot.interact(() -> box.setValue(wanted));
    }

    /** In both themes; what cannot be read is noted, so that one run tells of all views. */
    private void picture(FxRobot robot, Scene scene, String name) throws Exception {
        robot.moveTo(robot.lookup(".status-bar").<Node>query());
        Screenshots.take(scene, name);
        robot.interact(() -> {
            Legible.cutOff(scene.getRoot()).forEach(found -> complaints.add(name + ", cut off: " + found));
            Legible.unnamed(scene.getRoot()).forEach(found -> complaints.add(name + ", no name: " + found));
        });
        robot.clickOn("#button-view-dark");
        robot.moveTo(robot.lookup(".status-bar").<Node>query());
        Screenshots.take(scene, name + "-dark");
        robot.clickOn("#button-view-dark");
    }
}
