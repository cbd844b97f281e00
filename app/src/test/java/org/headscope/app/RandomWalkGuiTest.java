package org.headscope.app;

import static org.assertj.core.api.SoftAssertions.assertSoftly;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javafx.event.Event;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.CssWarnings;
import org.headscope.app.testing.FreshHome;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.walk.FrameWatch;
import org.headscope.app.walk.WalkDialogs;
import org.headscope.app.walk.Walker;
import org.headscope.app.workbench.TestBench;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.testing.NativeCount;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/**
 * Half a minute without a plan in the real window; {@code -Dheadscope.walk.seconds=1800 -Dheadscope.walk.seed=7} walks longer and
 * elsewhere. No failure that nobody foresaw, no frozen frame, nothing native left behind.
 */
@GuiTest
@Tag("engine")
class RandomWalkGuiTest {
    private static final double FROZEN_MS = 250;
    private static final int REMEMBERED = 12;
    private final Deque<String> trail = new ArrayDeque<>();
    private final List<Throwable> broken = Collections.synchronizedList(new ArrayList<>());

    @RegisterExtension
    final FreshHome home = new FreshHome();

    @TempDir
    Path folder;

    @Test
    void windowOutlastsSomebodyWithoutAPlan(FxRobot robot) throws Exception {
        Random random = new Random(Long.getLong("headscope.walk.seed", 1));
        List<Path> files = files();
        Stage stage = FxToolkit.registerPrimaryStage();
        HeadscopeApp app = (HeadscopeApp) FxToolkit.setupApplication(
                () -> new HeadscopeApp(drawn -> new WalkDialogs(drawn, folder, files, random, broken::add)));
        robot.interact(() -> stage.setOnCloseRequest(Event::consume)); // the walk ends when its time is over
        GuiWait.untilVisible(robot, "#prompt");
        String prompt = robot.lookup("#prompt").queryAs(TextField.class).getText();
        int before = settledCount();

        List<FrameWatch.Stall> stalls = walk(random);

        settle(robot, stage, prompt);
        int after = settledCount();
        assertSoftly(all -> {
            all.assertThat(broken).as("after %s", trail).isEmpty();
            all.assertThat(stalls).as("frozen frames").isEmpty();
            all.assertThat(after).as("native arrays").isLessThanOrEqualTo(before);
        });
        FxToolkit.cleanupApplication(app);
    }

    private List<FrameWatch.Stall> walk(Random random) throws Exception {
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("headscope.walk.seconds", 25)).toNanos();
        Walker walker = new Walker(random);
        int steps = 0;
        try (FrameWatch watch = new FrameWatch(FROZEN_MS)) {
            while (System.nanoTime() < end && broken.isEmpty()) {
                String done = walker.step();
                watch.doing(done);
                remember(done);
                steps++;
                Thread.sleep(20 + random.nextInt(80));
                CssWarnings.heard().forEach(warning -> broken.add(new AssertionError(warning)));
            }
            LoggerFactory.getLogger(RandomWalkGuiTest.class)
                    .warn(
                            "{} steps, longest time at a stretch {} ms {}",
                            steps,
                            Math.round(watch.longest()),
                            watch.stalls());
            return watch.stalls();
        }
    }

    private void remember(String done) {
        trail.add(done);
        if (trail.size() > REMEMBERED) {
            trail.remove();
        }
    }

    /** What people drop on a window: masks, other files, nothing there. */
    private List<Path> files() throws IOException {
        return List.of(
                Files.writeString(folder.resolve("mask.json"), "{\"masks\": 1}"),
                Files.write(folder.resolve("mask.npy"), new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 9}),
                folder.resolve("absent.json"));
    }

    /** Back to how the window was in the beginning. */
    private void settle(FxRobot robot, Stage stage, String prompt) throws Exception {
        robot.interact(() -> List.copyOf(Window.getWindows()).stream()
                .filter(window -> window != stage)
                .forEach(Window::hide));
        robot.interact(stage::requestFocus);
        robot.press(KeyCode.ESCAPE).release(KeyCode.ESCAPE);
        robot.press(KeyCode.CONTROL, KeyCode.PERIOD).release(KeyCode.PERIOD, KeyCode.CONTROL);
        robot.press(KeyCode.CONTROL, KeyCode.DIGIT1).release(KeyCode.DIGIT1, KeyCode.CONTROL);
        GuiWait.untilVisible(robot, "#model-picker");
        // By way of another model: one that is open already would keep the references of a mask that takes means.
        open(robot, stage, InductionModel.NAME);
        open(robot, stage, ModelCatalog.DEFAULT);
        GuiWait.untilVisible(robot, "#prompt");
        robot.interact(() -> robot.lookup("#prompt").queryAs(TextField.class).setText(prompt));
    }

    private static void open(FxRobot robot, Stage stage, String name) {
        MenuItem model = robot.lookup("#model-picker").queryAs(MenuButton.class).getItems().stream()
                .filter(item -> name.equals(item.getText()))
                .findFirst()
                .orElseThrow();
        robot.interact(model::fire);
        TestBench.waitFor(() -> stage.getTitle().contains(name));
    }

    /** Arrays and scopes alive, once their number has stayed the same for a while. */
    private static int settledCount() throws Exception {
        try (NDManager probe = Engines.newManager()) {
            NDManager all = Objects.requireNonNull(probe.getParentManager());
            int count = -1;
            int same = 0;
            while (same < 12) {
                WaitForAsyncUtils.sleep(250, TimeUnit.MILLISECONDS);
                int now = NativeCount.below(all);
                same = now == count ? same + 1 : 0;
                count = now;
            }
            return count;
        }
    }
}
