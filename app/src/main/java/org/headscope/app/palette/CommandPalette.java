package org.headscope.app.palette;

import javafx.collections.ListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import javafx.stage.Window;
import org.headscope.app.text.Messages;
import org.headscope.app.theme.ThemeManager;
import org.jspecify.annotations.Nullable;

/** A field and a list over the window: type, choose with the arrow keys, Enter does it, Escape goes back. */
public final class CommandPalette {
    private static final double WIDTH = 520;
    private static final double HEIGHT = 380;
    private static final double FROM_TOP = 90;

    private final PaletteModel model;
    private final Popup popup = new Popup();
    private final TextField field = new TextField();
    private final ListView<PaletteEntry> list;

    /**
     * @param model what it offers
     * @param themes dresses it
     */
    public CommandPalette(PaletteModel model, ThemeManager themes) {
        this.model = model;
        this.list = new ListView<>(model.matches());
        field.setId("palette-field");
        field.setPromptText(Messages.get("palette.hint"));
        field.textProperty().bindBidirectional(model.typedProperty());
        field.addEventFilter(KeyEvent.KEY_PRESSED, this::steer);
        list.setId("palette-list");
        list.setFocusTraversable(false);
        list.setCellFactory(view -> new EntryCell());
        list.setPlaceholder(new Label(Messages.get("palette.nothing")));
        list.setOnMouseClicked(event -> choose());
        VBox.setVgrow(list, Priority.ALWAYS);
        VBox box = new VBox(field, list);
        box.getStyleClass().add("palette");
        box.setPrefSize(WIDTH, HEIGHT);
        popup.getContent().add(box);
        popup.setAutoHide(true);
        popup.setHideOnEscape(true);
        popup.getScene().getRoot().getStyleClass().add("root"); // where the colours of the theme are declared
        themes.install(popup.getScene());
        // A list change, not an invalidation: the list itself clears its selection on the same event, before this.
        model.matches().addListener((ListChangeListener<PaletteEntry>) change -> {
            list.getSelectionModel().selectFirst();
            list.scrollTo(0);
        });
    }

    /**
     * Opens over a window.
     *
     * @param owner the window
     */
    public void show(Window owner) {
        model.open();
        popup.show(owner, owner.getX() + (owner.getWidth() - WIDTH) / 2, owner.getY() + FROM_TOP);
        field.requestFocus();
    }

    private void steer(KeyEvent event) {
        int at = list.getSelectionModel().getSelectedIndex();
        if (event.getCode() == KeyCode.DOWN) {
            select(at + 1, event);
        } else if (event.getCode() == KeyCode.UP) {
            select(at - 1, event);
        } else if (event.getCode() == KeyCode.ENTER) {
            choose();
            event.consume();
        } else if (event.getCode() == KeyCode.ESCAPE) {
            popup.hide();
            event.consume();
        }
    }

    private void select(int index, KeyEvent event) {
        int within = Math.max(0, Math.min(index, list.getItems().size() - 1));
        list.getSelectionModel().select(within);
        list.scrollTo(within);
        event.consume();
    }

    private void choose() {
        PaletteEntry chosen = list.getSelectionModel().getSelectedItem();
        popup.hide();
        if (chosen != null) {
            chosen.action().run();
        }
    }

    private static final class EntryCell extends ListCell<PaletteEntry> {
        @Override
        protected void updateItem(@Nullable PaletteEntry entry, boolean empty) {
            super.updateItem(entry, empty);
            // Plain text: labels inside a cell are styled before the cell has its place below the root.
            setText(entry == null || empty ? null : words(entry));
        }

        private static String words(PaletteEntry entry) {
            String kind = entry.key().isEmpty() ? entry.kind() : entry.key();
            return entry.label() + "   ·   " + kind;
        }
    }
}
