package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.headscope.app.files.Settings;
import org.headscope.app.files.UserHome;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.theme.Theme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

@GuiTest
class HeadscopeAppGuiTest {
    private final String usualHome = System.getProperty(UserHome.PROPERTY, "");
    private final Thread.UncaughtExceptionHandler usualHandler = Thread.getDefaultUncaughtExceptionHandler();

    @TempDir
    Path home;

    @BeforeEach
    void moveHome() {
        System.setProperty(UserHome.PROPERTY, home.toString());
    }

    @AfterEach
    void restore() {
        System.setProperty(UserHome.PROPERTY, usualHome);
        Thread.setDefaultUncaughtExceptionHandler(usualHandler);
    }

    @Test
    void windowOpensWithAllItsViewsAndTheShippedModel(FxRobot robot) throws Exception {
        Stage stage = FxToolkit.registerPrimaryStage();
        HeadscopeApp app = open();

        GuiWait.untilVisible(robot, "#prompt");
        assertThat(stage.getTitle()).contains("Headscope").contains(ModelCatalog.DEFAULT);
        assertThat(robot.lookup(".navigation-item").queryAll()).hasSize(8);
        Screenshots.take(stage.getScene(), "app-first-start");
        FxToolkit.cleanupApplication(app);
    }

    @Test
    void windowRemembersHowItWasLeft(FxRobot robot) throws Exception {
        FxToolkit.registerPrimaryStage();
        HeadscopeApp app = open();
        robot.clickOn("#nav-mask").clickOn("#button-view-dark");
        FxToolkit.cleanupApplication(app);

        Settings left = Settings.load(new UserHome(home));

        assertThat(left.theme()).isEqualTo(Theme.DARK);
        assertThat(left.view()).isEqualTo("mask");
    }

    @Test
    void failureThatNothingCaughtIsTold(FxRobot robot) throws Exception {
        FxToolkit.registerPrimaryStage();
        HeadscopeApp app = open();

        Platform.runLater(() -> {
            throw new IllegalStateException("internal words");
        });
        GuiWait.untilVisible(robot, ".dialog-pane");

        assertThat(robot.lookup("An action failed").tryQuery()).isPresent();
        assertThat(robot.lookup("internal words").tryQuery()).isEmpty();
        robot.clickOn("Close");
        GuiWait.untilGone(robot, ".dialog-pane");
        FxToolkit.cleanupApplication(app);
    }

    private static HeadscopeApp open() throws Exception {
        return (HeadscopeApp) FxToolkit.setupApplication(HeadscopeApp::new);
    }
}
