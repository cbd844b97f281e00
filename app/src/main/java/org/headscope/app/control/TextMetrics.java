package org.headscope.app.control;

import javafx.scene.text.Font;
import javafx.scene.text.Text;

/** How large texts are in a font; for the window's thread. */
public final class TextMetrics {
    private final Text probe = new Text();
    private final double lineHeight;

    public TextMetrics(Font font) {
        probe.setFont(font);
        probe.setText("Ag");
        lineHeight = probe.getLayoutBounds().getHeight();
    }

    public double width(String text) {
        probe.setText(text);
        return probe.getLayoutBounds().getWidth();
    }

    public double lineHeight() {
        return lineHeight;
    }
}
