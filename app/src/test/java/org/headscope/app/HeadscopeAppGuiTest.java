package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.application.Platform;
import javafx.stage.Stage;
import org.headscope.app.files.Settings;
import org.headscope.app.files.UserHome;
import org.headscope.app.model.ModelCatalog;
import org.headscope.app.testing.FreshHome;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.GuiWait;
import org.headscope.app.testing.Screenshots;
import org.headscope.app.theme.Theme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

@GuiTest
class HeadscopeAppGuiTest {

    @RegisterExtension
    final FreshHome home = new FreshHome();

    @Test
    void windowOpensWithAllItsViewsAndTheShippedModel(FxRobot robot) throws Exception {
        Stage stage = FxToolkit.registerPrimaryStage();
        HeadscopeApp app = open();

        GuiWait.untilVisible(robot, "#prompt");
        assertThat(stage.getTitle()).contains("Headscope").contains(ModelCatalog.DEFAULT);
        assertThat(robot.lookup(".navigation-item").queryAll()).hasSize(11);
        Screenshots.take(stage.getScene(), "app-first-start");
        FxToolkit.cleanupApplication(app);
    }

    @Test
    void windowRemembersHowItWasLeft(FxRobot robot) throws Exception {
        FxToolkit.registerPrimaryStage();
        HeadscopeApp app = open();
        robot.clickOn("#nav-mask").clickOn("#button-view-dark");
        FxToolkit.cleanupApplication(app);

        Settings left = Settings.load(new UserHome(home.folder()));

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
