package org.headscope.app.theme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import javafx.concurrent.Task;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.controlsfx.control.RangeSlider;
import org.controlsfx.control.SearchableComboBox;
import org.controlsfx.control.SegmentedButton;
import org.controlsfx.control.TaskProgressView;
import org.headscope.app.testing.CssWarnings;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.testing.Stages;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.framework.junit5.Stop;

@GuiTest
class ThemeGuiTest {
    private final CountDownLatch finish = new CountDownLatch(1);
    private TaskProgressView<Task<?>> tasks;
    private VBox root;
    private Stage stage;
    private ThemeManager themes;

    @Start
    void start(Stage newStage) {
        stage = newStage;
        tasks = new TaskProgressView<>();
        Label label = new Label("text");
        root = new VBox(
                10,
                label,
                new Button("Run"),
                new SegmentedButton(new ToggleButton("zero"), new ToggleButton("mean")),
                new RangeSlider(0, 1, 0.2, 0.8),
                new SearchableComboBox<String>(),
                tasks);
        themes = Stages.show(stage, root, 480, 420);
        Task<Void> task = new Task<>() {
            @Override
            protected Void call() throws InterruptedException {
                updateTitle("Patching");
                updateProgress(2, 5);
                updateMessage("layer 2 of 5");
                finish.await();
                return null;
            }
        };
        tasks.getTasks().add(task);
        new Thread(task, "task").start();
    }

    @Stop
    void stop() {
        finish.countDown();
    }

    @Test
    void foreignControlsFollowTheDarkThemeWithoutAWarning(FxRobot robot) throws Exception {
        Screenshots.take(stage.getScene(), "controlsfx-light");
        robot.interact(() -> themes.themeProperty().set(Theme.DARK));
        Screenshots.take(stage.getScene(), "controlsfx-dark");

        WritableImage[] picture = new WritableImage[1];
        robot.interact(() -> picture[0] = tasks.snapshot(null, null));
        double brightness = picture[0]
                .getPixelReader()
                .getColor((int) picture[0].getWidth() - 4, (int) picture[0].getHeight() - 4)
                .getBrightness();
        assertThat(brightness).as("brightness of the task list").isLessThan(0.25);
        assertThat(CssWarnings.heard()).isEmpty();
    }

    @Test
    void openListClosesWhenTheThemeChangesAndOpensAgain(FxRobot robot) {
        ComboBox<String> box = new ComboBox<>();
        box.getItems().setAll("zero", "mean", "resample");
        robot.interact(() -> {
            root.getChildren().add(0, box);
            box.setValue("mean");
        });
        robot.clickOn(box);
        assertThat(box.isShowing()).isTrue();

        robot.interact(() -> themes.themeProperty().set(Theme.DARK));

        assertThat(box.isShowing()).isFalse();
        robot.clickOn(box);
        assertThat(box.isShowing()).isTrue();
        assertThat(CssWarnings.heard()).isEmpty();
    }

    @Test
    void brokenStyleSheetIsHeard(FxRobot robot) {
        robot.interact(() -> {
            root.setStyle("-fx-background-color: -color-that-does-not-exist;");
            root.applyCss();
        });

        assertThat(CssWarnings.heard()).isNotEmpty();
    }

    @Test
    void typeGrowsInStepsUpToALimit(FxRobot robot) {
        robot.interact(() -> themes.zoom(100));
        assertThat(themes.fontScaleProperty().get()).isEqualTo(ThemeManager.LARGEST);

        robot.interact(() -> themes.zoom(-100));
        assertThat(themes.fontScaleProperty().get()).isEqualTo(ThemeManager.SMALLEST);
    }
}
