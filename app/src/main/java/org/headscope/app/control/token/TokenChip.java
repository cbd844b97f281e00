package org.headscope.app.control.token;

import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** One token with its position below it. */
final class TokenChip extends VBox {
    private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");
    private static final PseudoClass MARKED = PseudoClass.getPseudoClass("marked");
    private final int position;

    TokenChip(int position, String token) {
        this.position = position;
        Label text = new Label(VisibleText.of(token));
        text.getStyleClass().add("token-text");
        text.setMinWidth(USE_PREF_SIZE);
        Label index = new Label(Integer.toString(position));
        index.getStyleClass().add("token-index");
        getStyleClass().add("token-chip");
        getChildren().addAll(text, index);
    }

    int position() {
        return position;
    }

    void setSelected(boolean selected) {
        pseudoClassStateChanged(SELECTED, selected);
    }

    void setMarked(boolean marked) {
        pseudoClassStateChanged(MARKED, marked);
    }
}
