package org.headscope.app.panel;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.headscope.app.export.DataFormat;
import org.headscope.app.picture.PictureFormat;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.Services;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The small button beside something in sight: copy it, draw it into a file, save its numbers; where it was never run, also
 * the command that gives it, and a way into the history.
 */
public final class PanelMenu extends MenuButton {
    private final transient Supplier<Optional<Take>> wanted;

    /**
     * @param title of what is in sight, for those who hear the button
     * @param services jobs, dialogs and the history
     * @param wanted asked what is in sight when the menu opens and when something is chosen; empty while nothing is
     */
    public PanelMenu(String title, Services services, Supplier<Optional<Take>> wanted) {
        this.wanted = wanted;
        PanelActions actions = new PanelActions(services);
        getStyleClass().addAll("flat", "button-icon", "no-arrow", "panel-menu");
        setGraphic(new FontIcon("mdi2d-dots-horizontal"));
        setAccessibleText(Messages.get("panel.menu", title));
        setMinWidth(USE_PREF_SIZE);
        add("copy-picture", Messages.get("panel.copyPicture"), actions::copyPicture);
        add("copy-table", Messages.get("panel.copyTable"), actions::copyTable);
        addForCall("copy-call", Messages.get("panel.copyCommand"), actions::copyCommand);
        getItems().add(new SeparatorMenuItem());
        for (PictureFormat format : PictureFormat.values()) {
            String text = Messages.get("panel.menu.picture", PanelActions.label(format));
            add("save-" + format.ending(), text, take -> actions.savePicture(take, format));
        }
        getItems().add(new SeparatorMenuItem());
        for (DataFormat format : DataFormat.values()) {
            addData(actions, format);
        }
        if (services.store() != null) {
            addForCall("keep", Messages.get("panel.keep"), actions::keep);
        }
    }

    /** The same, under an id. */
    public PanelMenu named(String id) {
        setId(id);
        return this;
    }

    /** While nobody knows where numbers come from, they cannot be saved. */
    private void addData(PanelActions actions, DataFormat format) {
        String text = Messages.get("panel.menu.data", PanelActions.label(format));
        MenuItem item = add("save-" + format.ending(), text, take -> actions.saveData(take, format));
        addEventHandler(ON_SHOWING, event -> wanted.get().ifPresent(take -> {
            item.setDisable(take.formats().isEmpty());
            item.setVisible(take.formats().isEmpty() || take.formats().contains(format));
        }));
    }

    private void addForCall(String id, String text, Consumer<AnalysisCall> action) {
        MenuItem item = add(id, text, take -> {
            if (take.call() != null) {
                action.accept(take.call());
            }
        });
        addEventHandler(
                ON_SHOWING,
                event -> item.setVisible(wanted.get().map(Take::call).isPresent()));
    }

    private MenuItem add(String id, String text, Consumer<Take> action) {
        MenuItem item = new MenuItem(text);
        item.setId(id);
        item.setOnAction(event -> wanted.get().ifPresent(action));
        addEventHandler(ON_SHOWING, event -> item.setDisable(wanted.get().isEmpty()));
        getItems().add(item);
        return item;
    }
}
