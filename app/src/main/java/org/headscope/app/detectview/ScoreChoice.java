package org.headscope.app.detectview;

import java.util.List;
import javafx.beans.property.Property;
import javafx.scene.control.ComboBox;
import org.headscope.app.workbench.Choices;

/** Lists of the scores there are. */
final class ScoreChoice {
    private ScoreChoice() {}

    /**
     * A list that follows the scores.
     *
     * @param id of the control
     * @param board has the scores
     * @param chosen key of the chosen one, empty for none
     * @param unset what to show while none is chosen
     */
    static ComboBox<String> of(String id, ScoreBoard board, Property<String> chosen, String unset) {
        ComboBox<String> box = Choices.of(List.of(), key -> key.isEmpty() ? unset : board.name(key), chosen);
        box.setId(id);
        box.setItems(board.keys());
        box.setMinWidth(110);
        box.setPrefWidth(190);
        return box;
    }
}
