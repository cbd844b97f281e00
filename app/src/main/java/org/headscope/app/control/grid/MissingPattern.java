package org.headscope.app.control.grid;

import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import javafx.scene.paint.ImagePattern;
import javafx.scene.paint.Paint;

/** The dotted ground that shows through where nothing was computed, unlike any colour of a scale. */
final class MissingPattern {
    private static final int PERIOD = 6;

    private MissingPattern() {}

    static Paint of(Color surface, Color dots) {
        WritableImage tile = new WritableImage(PERIOD, PERIOD);
        for (int y = 0; y < PERIOD; y++) {
            for (int x = 0; x < PERIOD; x++) {
                boolean dot = x % PERIOD == 2 && y % PERIOD == 2 || x == 5 && y == 5;
                tile.getPixelWriter().setColor(x, y, dot ? dots : surface);
            }
        }
        return new ImagePattern(tile, 0, 0, PERIOD, PERIOD, false);
    }
}
