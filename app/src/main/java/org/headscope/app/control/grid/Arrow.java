package org.headscope.app.control.grid;

import java.util.Optional;
import javafx.scene.input.KeyCode;

/**
 * One step with an arrow key.
 *
 * @param rows how many rows down
 * @param columns how many columns to the right
 */
record Arrow(int rows, int columns) {

    static Optional<Arrow> of(KeyCode key) {
        return switch (key) {
            case UP, KP_UP -> Optional.of(new Arrow(-1, 0));
            case DOWN, KP_DOWN -> Optional.of(new Arrow(1, 0));
            case LEFT, KP_LEFT -> Optional.of(new Arrow(0, -1));
            case RIGHT, KP_RIGHT -> Optional.of(new Arrow(0, 1));
            default -> Optional.empty();
        };
    }
}
