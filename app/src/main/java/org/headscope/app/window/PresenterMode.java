package org.headscope.app.window;

import javafx.beans.property.BooleanProperty;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import org.headscope.app.theme.ThemeManager;

/** Takes away what surrounds the view and enlarges the type, until Escape. */
final class PresenterMode {
    private static final double LARGE = 1.6;

    private final BorderPane window;
    private final BooleanProperty presenting;
    private final ThemeManager themes;
    private double usual = ThemeManager.USUAL;

    private PresenterMode(BorderPane window, BooleanProperty presenting, ThemeManager themes) {
        this.window = window;
        this.presenting = presenting;
        this.themes = themes;
    }

    /**
     * Lets a window present.
     *
     * @param window what surrounds the view stands at its top, left and bottom
     * @param presenting whether it does
     * @param themes has the size of type; that from before comes back
     */
    static void install(BorderPane window, BooleanProperty presenting, ThemeManager themes) {
        PresenterMode mode = new PresenterMode(window, presenting, themes);
        presenting.subscribe((before, now) -> mode.set(now));
        window.addEventHandler(KeyEvent.KEY_PRESSED, mode::pressed);
    }

    private void set(boolean now) {
        if (now) {
            usual = themes.fontScaleProperty().get();
            themes.fontScaleProperty().set(Math.max(LARGE, usual));
        } else {
            themes.fontScaleProperty().set(usual);
        }
        show(window.getTop(), !now);
        show(window.getLeft(), !now);
        show(window.getBottom(), !now);
    }

    /** Hidden, not removed: the shortcuts of the menus live as long as the menus are there. */
    private static void show(Node part, boolean shown) {
        part.setVisible(shown);
        part.setManaged(shown);
    }

    private void pressed(KeyEvent event) {
        if (presenting.get() && event.getCode() == KeyCode.ESCAPE) {
            presenting.set(false);
            event.consume();
        }
    }
}
