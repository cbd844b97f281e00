package org.headscope.app.panel;

import java.util.function.Supplier;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.headscope.app.export.DataFormat;
import org.headscope.app.picture.PictureFormat;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;
import org.kordamp.ikonli.javafx.FontIcon;

/** The small button beside the heading of a panel: copy it, draw it into a file, save its numbers. */
public final class PanelMenu extends MenuButton {

    /**
     * @param title of the panel, for those who hear the button
     * @param actions what can be done
     * @param sight asked what is in sight when something is chosen
     */
    public PanelMenu(String title, PanelActions actions, Supplier<Sight> sight) {
        getStyleClass().addAll("flat", "button-icon", "no-arrow", "panel-menu");
        setGraphic(new FontIcon("mdi2d-dots-horizontal"));
        setAccessibleText(Messages.get("panel.menu", title));
        setMinWidth(USE_PREF_SIZE);
        add("copy-picture", Messages.get("panel.copyPicture"), () -> actions.copyPicture(sight.get()));
        add("copy-table", Messages.get("panel.copyTable"), () -> actions.copyTable(sight.get()));
        getItems().add(new SeparatorMenuItem());
        for (PictureFormat format : PictureFormat.values()) {
            String text = Messages.get("panel.menu.picture", PanelActions.label(format));
            add("save-" + format.ending(), text, () -> actions.savePicture(sight.get(), format));
        }
        getItems().add(new SeparatorMenuItem());
        for (DataFormat format : DataFormat.values()) {
            String text = Messages.get("panel.menu.data", PanelActions.label(format));
            MenuItem item = add("save-" + format.ending(), text, () -> actions.saveData(sight.get(), format));
            addEventHandler(ON_SHOWING, event -> {
                item.setDisable(actions.resultProperty().getValue() == null); // nothing to say where it comes from
                item.setVisible(format.takes(sight.get().panel()));
            });
        }
    }

    private MenuItem add(String id, String text, Runnable action) {
        MenuItem item = new MenuItem(text);
        item.setId(id);
        item.setOnAction(event -> action.run());
        getItems().add(item);
        return item;
    }
}
