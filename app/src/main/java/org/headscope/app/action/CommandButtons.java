package org.headscope.app.action;

import atlantafx.base.theme.Styles;
import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import org.kordamp.ikonli.javafx.FontIcon;

/** Buttons made of commands. */
public final class CommandButtons {
    private CommandButtons() {}

    /** Makes a flat button with only the command's icon; its name and shortcut are in the tooltip. */
    public static ButtonBase icon(Command command) {
        ButtonBase button = plain(command);
        button.setGraphic(new FontIcon(command.icon()));
        button.getStyleClass().addAll(Styles.BUTTON_ICON, Styles.FLAT);
        return button;
    }

    /** Makes a button with the command's name. */
    public static ButtonBase text(Command command) {
        ButtonBase button = plain(command);
        button.setText(command.label());
        if (!command.icon().isEmpty()) {
            button.setGraphic(new FontIcon(command.icon()));
        }
        return button;
    }

    private static ButtonBase plain(Command command) {
        ButtonBase button = command.selected()
                .<ButtonBase>map(selected -> {
                    ToggleButton toggle = new ToggleButton();
                    toggle.selectedProperty().bindBidirectional(selected);
                    return toggle;
                })
                .orElseGet(() -> {
                    Button once = new Button();
                    once.setOnAction(event -> command.run());
                    return once;
                });
        button.setId("button-" + command.id().replace('.', '-'));
        button.setAccessibleText(command.label());
        button.setTooltip(new Tooltip(hint(command)));
        button.disableProperty().bind(Bindings.not(command.enabled()));
        return button;
    }

    private static String hint(Command command) {
        return command.key()
                .map(key -> command.label() + " (" + key.getDisplayText() + ")")
                .orElse(command.label());
    }
}
