package org.headscope.app.theme;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;
import javafx.application.Application;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.PseudoClass;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ComboBoxBase;
import javafx.stage.PopupWindow;
import javafx.stage.Window;
import org.controlsfx.control.PopOver;
import org.headscope.app.files.Assets;

/**
 * Dresses every scene of the application and redresses them all when the look or the size of type changes. Used on the
 * window's thread only.
 */
public final class ThemeManager {
    /** Smallest, usual and largest size of type, as a factor. */
    public static final double SMALLEST = 0.8;

    public static final double USUAL = 1.0;
    public static final double LARGEST = 2.0;
    private static final double STEP = 0.1;
    private static final double BASE_SIZE = 13;
    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");

    private final List<String> styleSheets;
    private final Set<Scene> scenes = Collections.newSetFromMap(new WeakHashMap<>());
    private final ObjectProperty<Theme> theme = new SimpleObjectProperty<>(this, "theme", Theme.LIGHT);
    private final DoubleProperty fontScale = new SimpleDoubleProperty(this, "fontScale", USUAL);

    /** @param assets where the style sheets are */
    public ThemeManager(Assets assets) {
        styleSheets = List.of(assets.styleSheet("modena-bridge.css"), assets.styleSheet("headscope.css"));
        theme.subscribe(() -> {
            closePopups();
            dressAll();
        });
        fontScale.subscribe(this::dressAll);
    }

    public ObjectProperty<Theme> themeProperty() {
        return theme;
    }

    public DoubleProperty fontScaleProperty() {
        return fontScale;
    }

    /** Dresses a scene now and whenever something changes, for as long as it lives. */
    public void install(Scene scene) {
        scenes.add(scene);
        scene.getStylesheets().setAll(styleSheets);
        scene.rootProperty().subscribe(root -> dress(scene));
        Application.setUserAgentStylesheet(theme.get().userAgentStyleSheet());
        dress(scene);
    }

    /** Dresses a pop-over; its own style sheet sits nearer to it than those of a scene, so ours have to as well. */
    public void install(PopOver popOver) {
        install(popOver.getScene());
        popOver.getRoot().getStylesheets().addAll(styleSheets);
    }

    /** Makes type larger or smaller by a number of steps. */
    public void zoom(int steps) {
        double wanted = Math.round((fontScale.get() + steps * STEP) * 10) / 10.0;
        fontScale.set(Math.max(SMALLEST, Math.min(LARGEST, wanted)));
    }

    /** What is open above a window would be dressed before that window is, and find none of the theme's colours. */
    private void closePopups() {
        scenes.stream()
                .flatMap(scene -> scene.getRoot().lookupAll(".combo-box-base").stream())
                .map(ComboBoxBase.class::cast)
                .forEach(ComboBoxBase::hide); // a box whose list is hidden takes itself for open
        List.copyOf(Window.getWindows()).stream()
                .filter(PopupWindow.class::isInstance)
                .forEach(Window::hide);
    }

    private void dressAll() {
        if (!scenes.isEmpty()) {
            Application.setUserAgentStylesheet(theme.get().userAgentStyleSheet());
            new ArrayList<>(scenes).forEach(this::dress);
        }
    }

    private void dress(Scene scene) {
        Parent root = scene.getRoot();
        if (root != null) {
            root.pseudoClassStateChanged(DARK, theme.get() == Theme.DARK);
            root.setStyle(String.format(Locale.ROOT, "-fx-font-size: %.1fpx;", BASE_SIZE * fontScale.get()));
        }
    }
}
