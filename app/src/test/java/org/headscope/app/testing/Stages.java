package org.headscope.app.testing;

import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.headscope.app.files.Assets;
import org.headscope.app.theme.Theme;
import org.headscope.app.theme.ThemeManager;

/** Windows for tests, dressed like the real one. */
public final class Stages {
    private Stages() {}

    /**
     * Shows a node in a window of its own.
     *
     * @return what changes its look
     */
    public static ThemeManager show(Stage stage, Parent root, double width, double height) {
        ThemeManager themes = new ThemeManager(Assets.locate());
        themes.themeProperty().set(Theme.LIGHT);
        Scene scene = new Scene(root, width, height);
        themes.install(scene);
        stage.setScene(scene);
        stage.setX(0);
        stage.setY(0);
        stage.show();
        stage.toFront();
        return themes;
    }
}
