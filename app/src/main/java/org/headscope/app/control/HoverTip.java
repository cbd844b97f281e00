package org.headscope.app.control;

import javafx.scene.Node;
import javafx.scene.control.Tooltip;

/** A tooltip that stays beside the mouse and changes its words from place to place within one control. */
public final class HoverTip {
    private static final double DISTANCE = 16;
    private final Tooltip tooltip = new Tooltip();

    public HoverTip() {
        tooltip.setHideOnEscape(false); // Escape belongs to what lies below
    }

    /** Shows words beside a place on the screen. */
    public void show(Node owner, String text, double screenX, double screenY) {
        tooltip.setText(text);
        if (tooltip.isShowing()) {
            tooltip.setAnchorX(screenX + DISTANCE);
            tooltip.setAnchorY(screenY + DISTANCE);
        } else if (owner.getScene() != null && owner.getScene().getWindow() != null) {
            tooltip.show(owner, screenX + DISTANCE, screenY + DISTANCE);
        }
    }

    public void hide() {
        tooltip.hide();
    }
}
