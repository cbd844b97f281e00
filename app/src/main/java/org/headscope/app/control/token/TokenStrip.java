package org.headscope.app.control.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.FlowPane;
import org.headscope.app.text.Messages;

/** Tokens as chips that wrap like text. One stop for Tab; arrow keys select a position. */
public final class TokenStrip extends FlowPane {
    private static final double SPACE = 4;
    private final TokenStripModel model;
    private List<TokenChip> chips = List.of();

    public TokenStrip(TokenStripModel model) {
        super(SPACE, SPACE);
        this.model = model;
        getStyleClass().add("token-strip");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp(Messages.get("tokens.accessible.help"));
        model.tokensProperty().subscribe(this::show);
        model.selectedProperty().subscribe((before, now) -> select(before.intValue(), now.intValue()));
        model.markedProperty().subscribe(this::mark);
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    }

    public TokenStripModel model() {
        return model;
    }

    private void show(List<String> tokens) {
        List<TokenChip> fresh = new ArrayList<>(tokens.size());
        for (int position = 0; position < tokens.size(); position++) {
            fresh.add(new TokenChip(position, tokens.get(position)));
        }
        chips = fresh;
        getChildren().setAll(fresh);
        mark(model.markedProperty().get());
        select(TokenStripModel.NONE, model.selectedProperty().get());
    }

    private void select(int before, int now) {
        if (before >= 0 && before < chips.size()) {
            chips.get(before).setSelected(false);
        }
        if (now >= 0 && now < chips.size()) {
            chips.get(now).setSelected(true);
        }
        setAccessibleText(Messages.get(
                "tokens.accessible",
                Integer.toString(chips.size()),
                now >= 0 && now < chips.size() ? model.describe(now) : Messages.get("tokens.noneSelected")));
    }

    private void mark(Set<Integer> positions) {
        chips.forEach(chip -> chip.setMarked(positions.contains(chip.position())));
    }

    private void clicked(MouseEvent event) {
        requestFocus();
        if (event.getButton() == MouseButton.PRIMARY && event.getTarget() instanceof Node target) {
            for (Node node = target; node != null && node != this; node = node.getParent()) {
                if (node instanceof TokenChip chip) {
                    model.choose(chip.position());
                }
            }
        }
    }

    private void pressed(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        switch (event.getCode()) {
            case LEFT, KP_LEFT -> model.move(-1);
            case RIGHT, KP_RIGHT -> model.move(1);
            case HOME -> model.select(0);
            case END -> model.select(chips.size() - 1);
            case ENTER -> model.choose(model.selectedProperty().get());
            default -> {
                return;
            }
        }
        event.consume();
    }
}
