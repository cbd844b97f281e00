package org.headscope.app.window;

import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandRegistry;
import org.kordamp.ikonli.javafx.FontIcon;

/** The list of views on the left. */
final class NavigationView extends VBox {
    private final ToggleGroup group = new ToggleGroup();

    NavigationView(MainViewModel model, CommandRegistry commands) {
        getStyleClass().add("navigation");
        for (ViewSpec view : model.views()) {
            getChildren().add(button(model, view, commands));
        }
        model.currentProperty().subscribe(this::select);
        group.selectedToggleProperty().subscribe((before, now) -> {
            if (now == null && before != null) {
                before.setSelected(true); // a second click must not leave nothing selected
            }
        });
    }

    private ToggleButton button(MainViewModel model, ViewSpec view, CommandRegistry commands) {
        ToggleButton button = new ToggleButton(view.label(), new FontIcon(view.icon()));
        button.setId("nav-" + view.id());
        button.setUserData(view);
        button.setToggleGroup(group);
        button.setMaxWidth(Double.MAX_VALUE);
        button.getStyleClass().add("navigation-item");
        button.setOnAction(event -> model.currentProperty().set(view));
        commands.find(WindowCommands.goTo(view))
                .flatMap(Command::key)
                .ifPresent(key -> button.setTooltip(new Tooltip(key.getDisplayText())));
        return button;
    }

    private void select(ViewSpec view) {
        group.getToggles().stream()
                .filter(toggle -> toggle.getUserData() == view)
                .forEach(group::selectToggle);
    }
}
