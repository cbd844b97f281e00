package org.headscope.app.window;

import java.util.stream.Stream;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandButtons;
import org.kordamp.ikonli.javafx.FontIcon;

/** What a view shows while it has nothing to show: why, and what to do about it. */
public final class EmptyState extends VBox {

    /**
     * @param icon name in the icon font
     * @param headline what is missing
     * @param text what will be seen here
     * @param commands what to do about it, the first being the best
     */
    public EmptyState(String icon, String headline, String text, Command... commands) {
        getStyleClass().add("empty-state");
        FontIcon picture = new FontIcon(icon);
        picture.getStyleClass().add("empty-icon");
        Label first = new Label(headline);
        first.getStyleClass().add("headline");
        Label second = new Label(text);
        second.setWrapText(true);
        second.getStyleClass().add("muted");
        getChildren().addAll(picture, first, second);
        Stream.of(commands).map(CommandButtons::text).forEach(this::add);
    }

    private void add(ButtonBase button) {
        if (getChildren().stream().noneMatch(ButtonBase.class::isInstance)) {
            button.getStyleClass().add("accent");
        }
        getChildren().add(button);
    }
}
