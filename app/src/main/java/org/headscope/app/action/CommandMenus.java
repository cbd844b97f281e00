package org.headscope.app.action;

import java.util.List;
import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.headscope.app.text.Messages;
import org.kordamp.ikonli.javafx.FontIcon;

/** Menus made of commands. */
public final class CommandMenus {
    private CommandMenus() {}

    /** Makes the menu bar; categories without commands have no menu. */
    public static MenuBar menuBar(CommandRegistry registry) {
        MenuBar bar = new MenuBar();
        for (CommandCategory category : CommandCategory.values()) {
            List<Command> commands = registry.of(category);
            if (!commands.isEmpty()) {
                Menu menu = new Menu(Messages.get(category.labelKey()));
                menu.setId("menu-" + category.name().toLowerCase(Locale.ROOT));
                commands.forEach(command -> add(menu, command));
                bar.getMenus().add(menu);
            }
        }
        return bar;
    }

    /** Makes a menu entry that shows and follows a command. */
    public static MenuItem item(Command command) {
        MenuItem item = command.selected()
                .<MenuItem>map(selected -> {
                    CheckMenuItem check = new CheckMenuItem(command.label());
                    check.selectedProperty().bindBidirectional(selected);
                    return check;
                })
                .orElseGet(() -> {
                    MenuItem plain = new MenuItem(command.label());
                    plain.setOnAction(event -> command.run());
                    return plain;
                });
        item.setId("command-" + command.id().replace('.', '-'));
        command.key().ifPresent(item::setAccelerator);
        item.disableProperty().bind(Bindings.not(command.enabled()));
        if (!command.icon().isEmpty() && command.selected().isEmpty()) {
            item.setGraphic(new FontIcon(command.icon()));
        }
        return item;
    }

    private static void add(Menu menu, Command command) {
        if (command.startsGroup() && !menu.getItems().isEmpty()) {
            menu.getItems().add(new SeparatorMenuItem());
        }
        menu.getItems().add(item(command));
    }
}
