package org.headscope.app.control.grid;

import javafx.scene.Node;
import javafx.scene.control.Tooltip;

/** A tooltip that stays beside the mouse and changes its words from cell to cell. */
final class CellTooltip {
    private static final double DISTANCE = 16;
    private final Tooltip tooltip = new Tooltip();

    void show(Node owner, String text, double screenX, double screenY) {
        tooltip.setText(text);
        if (tooltip.isShowing()) {
            tooltip.setAnchorX(screenX + DISTANCE);
            tooltip.setAnchorY(screenY + DISTANCE);
        } else if (owner.getScene() != null && owner.getScene().getWindow() != null) {
            tooltip.show(owner, screenX + DISTANCE, screenY + DISTANCE);
        }
    }

    void hide() {
        tooltip.hide();
    }
}
