package org.headscope.app.window;

import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.control.MenuBar;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import org.headscope.app.AppServices;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandButtons;
import org.headscope.app.action.CommandMenus;
import org.headscope.app.action.CommandRegistry;

/** The window's content: menu and model above, views on the left, the shown one in the middle, the inspector right. */
public final class MainWindow extends BorderPane {
    private static final double INSPECTOR_SHARE = 0.26;
    private final InspectorView inspector = new InspectorView();
    private final SplitPane middle = new SplitPane();
    private final BooleanProperty inspectable = new SimpleBooleanProperty(this, "inspectable");
    private double divider = 1 - INSPECTOR_SHARE;

    /**
     * Builds the window and registers its commands; commands that views bring must be registered before.
     *
     * @param model which views there are
     * @param services shared parts
     */
    public MainWindow(MainViewModel model, AppServices services) {
        WindowCommands.register(model, services, this::askToClose);
        CommandRegistry commands = services.commands();
        getStyleClass().add("main-window");
        ViewHost host = new ViewHost(services.dialogs());
        middle.getItems().add(host);
        SplitPane.setResizableWithParent(inspector, false);
        setTop(top(model, commands));
        setLeft(new NavigationView(model, commands));
        setCenter(middle);
        setBottom(new StatusBarView(model.status(), services.themes()));
        PresenterMode.install(this, model.presentingProperty(), services.themes());
        model.currentProperty().subscribe(view -> {
            Optional<Node> right = host.show(view);
            inspector.show(right.orElse(null));
            inspectable.set(right.isPresent());
        });
        inspectable.subscribe(() -> showInspector(model));
        model.inspectorShownProperty().subscribe(() -> showInspector(model));
        model.presentingProperty().subscribe(() -> showInspector(model));
        showInspector(model);
    }

    /** The same way as the button in the corner: whoever has something to say against it is asked. */
    private void askToClose() {
        Window window = getScene().getWindow();
        Event.fireEvent(window, new WindowEvent(window, WindowEvent.WINDOW_CLOSE_REQUEST));
    }

    /** A view without anything to inspect gets the whole width. */
    private void showInspector(MainViewModel model) {
        boolean shown = inspectable.get()
                && model.inspectorShownProperty().get()
                && !model.presentingProperty().get();
        if (shown && !middle.getItems().contains(inspector)) {
            middle.getItems().add(inspector);
            middle.setDividerPositions(divider);
        } else if (!shown && middle.getItems().contains(inspector)) {
            divider = middle.getDividerPositions()[0];
            middle.getItems().remove(inspector);
        }
    }

    private static Node top(MainViewModel model, CommandRegistry commands) {
        MenuBar menus = CommandMenus.menuBar(commands);
        menus.setUseSystemMenuBar(true);
        Command openModel = commands.require(WindowCommands.OPEN_MODEL);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox header = new HBox(
                new ModelPickerView(model.picker(), openModel),
                space,
                CommandButtons.icon(commands.require(WindowCommands.DARK)),
                CommandButtons.icon(commands.require(WindowCommands.INSPECTOR)));
        header.getStyleClass().add("header");
        return new VBox(menus, header);
    }
}
