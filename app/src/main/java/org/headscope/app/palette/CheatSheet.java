package org.headscope.app.palette;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.GridPane;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandCategory;
import org.headscope.app.action.CommandRegistry;
import org.headscope.app.text.Messages;

/** All shortcuts, by menu, and the keys of the grids. */
public final class CheatSheet {
    private static final double HEIGHT = 460;

    private CheatSheet() {}

    /**
     * Makes the sheet anew.
     *
     * @param commands what there is
     */
    public static Node of(CommandRegistry commands) {
        GridPane rows = new GridPane();
        rows.setId("cheat-sheet");
        rows.getStyleClass().add("cheat-sheet");
        int row = 0;
        for (CommandCategory category : CommandCategory.values()) {
            List<Command> withKey = commands.of(category).stream()
                    .filter(command -> command.key().isPresent())
                    .toList();
            if (!withKey.isEmpty()) {
                row = heading(rows, row, category.label());
                for (Command command : withKey) {
                    String key = command.key().orElseThrow().getDisplayText();
                    rows.addRow(row++, key(key), new Label(command.label()));
                }
            }
        }
        row = heading(rows, row, Messages.get("keys.grid"));
        for (String[] grid : gridKeys()) {
            rows.addRow(row++, key(grid[0]), new Label(grid[1]));
        }
        ScrollPane scroll = new ScrollPane(rows);
        scroll.setFitToWidth(true);
        scroll.setPrefViewportHeight(HEIGHT);
        return scroll;
    }

    private static String[][] gridKeys() {
        return new String[][] {
            {Messages.get("keys.grid.move"), Messages.get("keys.grid.move.does")},
            {Messages.get("keys.grid.range"), Messages.get("keys.grid.range.does")},
            {Messages.get("keys.grid.toggle"), Messages.get("keys.grid.toggle.does")},
            {Messages.get("keys.grid.layer"), Messages.get("keys.grid.layer.does")},
            {Messages.get("keys.grid.zoom"), Messages.get("keys.grid.zoom.does")},
            {Messages.get("keys.grid.open"), Messages.get("keys.grid.open.does")}
        };
    }

    private static int heading(GridPane rows, int row, String text) {
        Label heading = new Label(text);
        heading.getStyleClass().add("heading");
        rows.add(heading, 0, row, 2, 1);
        return row + 1;
    }

    private static Label key(String text) {
        Label key = new Label(text);
        key.getStyleClass().add("key");
        key.setMinWidth(Label.USE_PREF_SIZE);
        return key;
    }
}
