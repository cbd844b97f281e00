package org.headscope.app.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.beans.property.SimpleStringProperty;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.headscope.app.AppServices;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandRegistry;
import org.headscope.app.dialog.FxDialogs;
import org.headscope.app.files.Assets;
import org.headscope.app.files.UserHome;
import org.headscope.app.job.FxExecutor;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobRunner;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;
import org.headscope.app.window.ModelChoice.Kind;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.framework.junit5.Stop;
import org.testfx.util.WaitForAsyncUtils;

@GuiTest
class MainWindowGuiTest {
    private final List<String> seen = new ArrayList<>();
    private final CountDownLatch finish = new CountDownLatch(1);
    private AppServices services;
    private final SimpleStringProperty receipt = new SimpleStringProperty("");
    private MainViewModel model;
    private Stage stage;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        ThemeManager themes = new ThemeManager(Assets.locate());
        UserHome home = UserHome.locate();
        FxDialogs dialogs = new FxDialogs(themes, home, FxExecutor.INSTANCE);
        JobRunner jobs =
                new JobRunner(2, FxExecutor.INSTANCE, failure -> dialogs.failure(failure.title(), failure.cause()));
        services = new AppServices(Assets.locate(), home, jobs, themes, new CommandRegistry(), dialogs);
        ModelPickerViewModel picker = new ModelPickerViewModel(dialogs);
        picker.bundled().setAll(new ModelChoice(Kind.BUNDLED, Path.of("induction-2l")));
        model = new MainViewModel(
                List.of(
                        view("explore", "mdi2c-compass-outline"),
                        view("patch", "mdi2s-swap-horizontal"),
                        view("attention", "mdi2e-eye-outline"),
                        view("mask", "mdi2c-checkerboard"),
                        view("history", "mdi2h-history")),
                picker,
                new StatusViewModel(jobs, receipt));
        Scene scene = new Scene(new MainWindow(model, services), 1240, 820);
        themes.install(scene);
        dialogs.setOwner(stage);
        stage.setScene(scene);
        stage.setX(0);
        stage.setY(0);
        stage.show();
    }

    @Stop
    void stop() {
        services.jobs().close();
    }

    @AfterEach
    void letJobsEnd() {
        finish.countDown();
    }

    @Test
    void clickOnTheLeftShowsAView(FxRobot robot) {
        robot.clickOn("#nav-patch");

        assertThat(model.currentProperty().get().id()).isEqualTo("patch");
        assertThat(seen).containsExactly("explore shown", "explore hidden", "patch shown");
    }

    @Test
    void shortcutShowsAView(FxRobot robot) {
        robot.push(KeyCode.CONTROL, KeyCode.DIGIT3);

        assertThat(model.currentProperty().get().id()).isEqualTo("attention");
    }

    @Test
    void secondClickOnTheSameViewKeepsItSelected(FxRobot robot) {
        robot.clickOn("#nav-mask").clickOn("#nav-mask");

        assertThat(robot.lookup("#nav-mask").queryAs(ToggleButton.class).isSelected())
                .isTrue();
    }

    @Test
    void darkButtonSwitchesTheLook(FxRobot robot) {
        robot.clickOn("#button-view-dark");

        assertThat(services.themes().themeProperty().get()).isEqualTo(Theme.DARK);
    }

    @Test
    void menuSwitchesTheInspectorOff(FxRobot robot) {
        robot.clickOn("#menu-view").clickOn("#command-view-inspector");

        assertThat(robot.lookup(".inspector").tryQuery()).isEmpty();
    }

    @Test
    void inspectorBelongsToTheView(FxRobot robot) {
        assertThat(robot.lookup(".inspector #explore-inspector").tryQuery()).isPresent();

        robot.clickOn("#nav-history");

        assertThat(robot.lookup(".inspector #history-inspector").tryQuery()).isPresent();
    }

    @Test
    void largerTypeReachesEveryLabel(FxRobot robot) {
        Label label = robot.lookup("#explore-content").queryAs(Label.class);
        double before = label.getFont().getSize();

        robot.push(KeyCode.CONTROL, KeyCode.EQUALS);
        WaitForAsyncUtils.waitForFxEvents();

        assertThat(label.getFont().getSize()).isGreaterThan(before);
    }

    @Test
    void everyCommandHasAName(FxRobot robot) {
        assertThat(services.commands().all()).extracting(Command::label).noneMatch(label -> label.contains("‹"));
    }

    @Test
    void everyButtonWithoutWordsSaysWhatItDoes(FxRobot robot) {
        assertThat(robot.lookup(node -> node instanceof ButtonBase button
                                && (button.getText() == null || button.getText().isEmpty())
                                && button.isFocusTraversable())
                        .queryAllAs(ButtonBase.class))
                .isNotEmpty()
                .allSatisfy(button -> assertThat(button.getAccessibleText()).isNotEmpty());
    }

    @Test
    void modelIsChosenFromTheMenu(FxRobot robot) {
        List<ModelChoice> asked = new ArrayList<>();
        robot.interact(() -> model.picker().onOpenProperty().set(asked::add));

        robot.clickOn("#model-picker").clickOn("induction-2l");

        assertThat(asked).containsExactly(new ModelChoice(Kind.BUNDLED, Path.of("induction-2l")));
        assertThat(model.picker().busyProperty().get()).isTrue();
    }

    @Test
    void openModelIsNamedWithItsSize(FxRobot robot) {
        robot.interact(() -> model.picker().opened(model.picker().bundled().get(0), "gpt2 · 2 layers · 4 heads"));

        assertThat(robot.lookup("#model-picker").queryAs(MenuButton.class).getText())
                .isEqualTo("induction-2l");
        assertThat(robot.lookup("#model-summary").queryAs(Label.class).getText())
                .isEqualTo("gpt2 · 2 layers · 4 heads");
    }

    @Test
    void longJobIsShownAndCanBeStopped(FxRobot robot) throws Exception {
        Job<Boolean> job = services.jobs().submit(longJob("Patching 144 heads"));
        GuiWait.untilVisible(robot, ".stop-job");
        assertThat(robot.lookup("Patching 144 heads").tryQuery()).isPresent();

        robot.clickOn(".stop-job");
        WaitForAsyncUtils.waitFor(5, TimeUnit.SECONDS, () -> job.state().isFinal());
        WaitForAsyncUtils.waitForFxEvents();

        assertThat(robot.lookup("Patching 144 heads").tryQuery()).isEmpty();
    }

    @Test
    void failedJobSpeaksPlainlyAndShowsDetailsOnRequest(FxRobot robot) throws Exception {
        services.jobs().submit(Job.of("Opening the model", context -> {
            throw new HeadscopeException("No config.json in this folder. Choose the folder of a checkpoint.");
        }));
        GuiWait.untilVisible(robot, ".dialog-pane");

        assertThat(robot.lookup("Opening the model failed").tryQuery()).isPresent();
        assertThat(robot.lookup("No config.json in this folder. Choose the folder of a checkpoint.")
                        .tryQuery())
                .isPresent();
        GuiWait.untilVisible(robot, ".details-button");
        robot.clickOn(".details-button");
        GuiWait.untilVisible(robot, ".failure-text");
        assertThat(robot.lookup(".failure-text").queryTextInputControl().getText())
                .contains("HeadscopeException");
        Screenshots.take(robot.lookup(".dialog-pane").query().getScene(), "failure-dialog-light");
        robot.clickOn("Close");
        GuiWait.untilGone(robot, ".dialog-pane");
    }

    @Test
    void looksRightInBothThemes(FxRobot robot) throws Exception {
        robot.interact(() -> {
            model.picker().opened(model.picker().bundled().get(0), "gpt2 · 2 layers · 4 heads · 0.1 M parameters");
            receipt.set("8.6 off · fired 1× · logit difference 3.55 → 2.71");
            services.jobs().submit(longJob("Patching 144 heads"));
            services.jobs().submit(longJob("Opening stories260K"));
        });
        WaitForAsyncUtils.waitFor(
                5, TimeUnit.SECONDS, () -> model.status().jobs().size() == 2);
        Screenshots.take(stage.getScene(), "window-light");
        robot.interact(() -> services.themes().themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "window-dark");
        robot.clickOn("#more-jobs");
        GuiWait.untilVisible(robot, ".job-list");
        WaitForAsyncUtils.sleep(600, TimeUnit.MILLISECONDS);
        Screenshots.take(robot.lookup(".job-list").query().getScene(), "window-jobs-dark");
    }

    private Job<Boolean> longJob(String title) {
        return Job.of(title, context -> {
            context.progress(0.4);
            context.message("layer 5 of 12");
            while (!finish.await(10, TimeUnit.MILLISECONDS)) {
                context.checkCancelled();
            }
            return true;
        });
    }

    private ViewSpec view(String id, String icon) {
        return new ViewSpec(id, icon, () -> new SeenView(id, icon, services));
    }

    private final class SeenView implements WorkView {
        private final String id;
        private final Node node;
        private final Label inspector;

        SeenView(String id, String icon, AppServices services) {
            this.id = id;
            Label content = new Label(id);
            content.setId(id + "-content");
            EmptyState empty = new EmptyState(
                    icon,
                    "No model is open",
                    "Here one sees where each head looks.",
                    services.commands().require("file.openModel"));
            empty.getChildren().add(content);
            node = empty;
            inspector = new Label("about " + id);
            inspector.setId(id + "-inspector");
        }

        @Override
        public Node node() {
            return node;
        }

        @Override
        public Optional<Node> inspector() {
            return Optional.of(inspector);
        }

        @Override
        public void shown() {
            seen.add(id + " shown");
        }

        @Override
        public void hidden() {
            seen.add(id + " hidden");
        }
    }
}
