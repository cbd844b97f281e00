package org.headscope.app.lessonview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.headscope.app.HeadscopeApp;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridView;
import org.headscope.app.files.UserHome;
import org.headscope.app.lesson.LessonProgress;
import org.headscope.app.testing.FreshHome;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/** A whole lesson in the real window on the shipped model, by mouse and keys, and one presented by keys alone. */
@GuiTest
@Tag("engine")
class LessonsGuiTest {
    private static final String OWN = "The capital of France is";

    @RegisterExtension
    final FreshHome home = new FreshHome();

    private FxRobot robot;
    private Stage stage;

    @BeforeEach
    void open(FxRobot person) throws Exception {
        robot = person;
        stage = FxToolkit.registerPrimaryStage();
    }

    @Test
    void wholeLessonIsLearntAndTheOwnPromptAndMaskComeBack() throws Exception {
        HeadscopeApp app = start();
        TextField prompt = robot.lookup("#prompt").queryAs(TextField.class);
        robot.interact(() -> prompt.setText(OWN));
        click("#heads", 2, 3);
        robot.clickOn("#nav-lessons");
        GuiWait.untilVisible(robot, "#lesson-02-induction");
        away();
        Screenshots.take(stage.getScene(), "lessons-list");
        robot.clickOn("#lesson-02-induction");
        GuiWait.untilVisible(robot, "#lesson-check");

        number();
        previousToken();
        induction();
        needed();
        crowd();
        robot.clickOn("#lessons-next");
        GuiWait.untilVisible(robot, "#lesson-01-what-a-head-is");
        Screenshots.take(stage.getScene(), "lessons-list-done");
        await(() -> LessonProgress.load(new UserHome(home.folder()))
                .of("02-induction")
                .done());
        robot.clickOn("#nav-explore");
        await(() -> prompt.getText().equals(OWN));
        GridView<?> heads = robot.lookup("#heads").queryAs(GridView.class);
        assertThat(heads.getAccessibleText()).contains("1 masked");
        FxToolkit.cleanupApplication(app);
    }

    /** A wrong number, then the right one, typed. */
    private void number() throws Exception {
        robot.clickOn("#lesson-number").write("0.2").type(KeyCode.ENTER);
        GuiWait.untilVisible(robot, "#lesson-found");
        assertThat(found()).isEqualTo("0.2 is too low by more than 0.05.");
        Screenshots.take(stage.getScene(), "lessons-wrong");
        robot.interact(
                () -> robot.lookup("#lesson-number").queryAs(TextField.class).setText("0.75"));
        robot.clickOn("#lesson-check");
        await(() -> found().startsWith("Right: the model gives 0.748"));
        robot.clickOn("#lessons-next");
    }

    /** A cell chosen with the mouse: a wrong one, then one of the right ones. */
    private void previousToken() throws Exception {
        await(() -> place().equals("Step 2 of 5") && shown(".result-grid"));
        GuiWait.untilVisible(robot, "#lesson-check");
        robot.clickOn("#lesson-check");
        await(() -> shown(".lesson-task .error-label"));
        away();
        Screenshots.take(stage.getScene(), "lessons-grid");
        await(() -> !robot.lookup("#lesson-check").query().isDisabled());
        click(".result-grid", 2, 3);
        robot.clickOn("#lesson-check");
        await(() -> found().startsWith("layer 2, head 3 has 0.00"));
        click(".result-grid", 1, 4);
        robot.clickOn("#lesson-check");
        await(() -> found().startsWith("Right: layer 1, head 4 has "));
        robot.clickOn("#lessons-next");
    }

    /** Two wrong cells by keys, and then it is shown. */
    private void induction() throws Exception {
        await(() -> place().equals("Step 3 of 5") && shown(".result-grid"));
        Node grid = robot.lookup(".result-grid").query();
        robot.interact(grid::requestFocus);
        robot.type(KeyCode.DOWN).type(KeyCode.ENTER);
        checkByKeys();
        await(() -> found().startsWith("layer 0, head 0 has "));
        robot.interact(grid::requestFocus);
        robot.type(KeyCode.RIGHT).type(KeyCode.ENTER);
        checkByKeys();
        await(() -> found().startsWith("layer 0, head 1 has "));
        GuiWait.untilVisible(robot, "#lesson-show");
        robot.clickOn("#lesson-show");
        await(() -> found().startsWith("Right: layer 5, head 3 has 0.916"));
        GridView<?> view = (GridView<?>) grid;
        assertThat(view.model().cursorProperty().get()).isEqualTo(new GridCell(5, 3));
        robot.type(KeyCode.PAGE_DOWN);
    }

    private void needed() throws Exception {
        await(() -> place().equals("Step 4 of 5") && shown("#lesson-heads"));
        robot.clickOn("#lesson-option-0").clickOn("#lesson-check");
        await(() -> found().contains("and another one has less"));
        robot.clickOn("#lesson-option-1").clickOn("#lesson-check");
        await(() -> found().startsWith("Right"));
        robot.clickOn("#lessons-next");
    }

    private void crowd() throws Exception {
        await(() -> place().equals("Step 5 of 5") && shown("#lesson-heads"));
        robot.clickOn("#lesson-check");
        await(() -> found().startsWith("Masked heads: 0. The likeliest next token is “hospital”"));
        for (int head : new int[] {2, 3, 4, 6, 7}) {
            click("#lesson-heads", 3, head);
        }
        robot.clickOn("#lesson-check");
        await(() -> found().startsWith("Masked heads: 5. The likeliest next token is “village”"));
        away();
        Screenshots.take(stage.getScene(), "lessons-masked");
        robot.clickOn("#button-view-dark");
        away();
        Screenshots.take(stage.getScene(), "lessons-dark");
        robot.clickOn("#button-view-dark");
    }

    @Test
    void lessonIsPresentedByKeysAlone() throws Exception {
        HeadscopeApp app = start();
        robot.press(KeyCode.SHORTCUT, KeyCode.DIGIT9).release(KeyCode.DIGIT9, KeyCode.SHORTCUT);
        GuiWait.untilVisible(robot, "#lesson-02-induction");
        robot.interact(() -> robot.lookup("#lesson-01-what-a-head-is").query().requestFocus());
        robot.type(KeyCode.SPACE);
        GuiWait.untilVisible(robot, "#lesson-check");
        robot.type(KeyCode.F5);
        await(() -> !shown(".navigation") && !shown(".header") && !shown(".status-bar"));
        Screenshots.take(stage.getScene(), "lessons-presenter");

        robot.type(KeyCode.SPACE);
        await(() -> shown(".lesson-task .error-label"));
        robot.type(KeyCode.RIGHT);
        await(() -> place().equals("Step 2 of 4") && shown("#lesson-option-0"));
        robot.type(KeyCode.LEFT);
        await(() -> place().equals("Step 1 of 4"));
        robot.type(KeyCode.PAGE_DOWN);
        await(() -> place().equals("Step 2 of 4") && shown("#lesson-option-0"));
        tabTo("#lesson-option-0");
        robot.type(KeyCode.SPACE);
        checkByKeys();
        await(() -> found().startsWith("Right"));
        Screenshots.take(stage.getScene(), "lessons-presenter-answered");
        robot.type(KeyCode.PAGE_UP);
        await(() -> place().equals("Step 1 of 4"));
        robot.type(KeyCode.ESCAPE);
        await(() -> shown(".navigation") && shown(".header") && shown(".status-bar"));
        robot.type(KeyCode.F5);
        await(() -> !shown(".navigation"));
        robot.type(KeyCode.F5);
        await(() -> shown(".navigation"));
        FxToolkit.cleanupApplication(app);
    }

    private HeadscopeApp start() throws Exception {
        HeadscopeApp app = (HeadscopeApp) FxToolkit.setupApplication(HeadscopeApp::new);
        GuiWait.untilVisible(robot, "#prompt");
        await(() -> stage.getTitle().contains("world-6l") && shown("#heads"));
        return app;
    }

    private void checkByKeys() {
        robot.press(KeyCode.SHORTCUT, KeyCode.ENTER).release(KeyCode.ENTER, KeyCode.SHORTCUT);
    }

    private void tabTo(String query) {
        Node wanted = robot.lookup(query).query();
        for (int i = 0; i < 30 && !wanted.isFocused(); i++) {
            robot.type(KeyCode.TAB);
        }
        assertThat(wanted.isFocused()).isTrue();
    }

    private void click(String query, int row, int column) {
        GridView<?> grid = robot.lookup(query).match(Node::isVisible).queryAs(GridView.class);
        Point2D at = grid.localToScreen(grid.centreOf(new GridCell(row, column)));
        robot.clickOn(at);
    }

    private static void await(BooleanSupplier condition) {
        TestBench.waitFor(condition::getAsBoolean);
    }

    private boolean shown(String query) {
        return robot.lookup(query)
                .match(node -> {
                    for (Node at = node; at != null; at = at.getParent()) {
                        if (!at.isVisible()) {
                            return false;
                        }
                    }
                    return true;
                })
                .tryQuery()
                .isPresent();
    }

    private String found() {
        return robot.lookup("#lesson-found")
                .tryQueryAs(Label.class)
                .map(Label::getText)
                .orElse("");
    }

    private String place() {
        return Objects.requireNonNull(
                robot.lookup("#lesson-place").queryAs(Label.class).getText());
    }

    private void away() {
        robot.moveTo(robot.lookup(".status-bar").<Node>query());
    }
}
