package org.headscope.app.window;

import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.image.Image;
import javafx.scene.image.PixelWriter;
import javafx.scene.image.WritableImage;
import org.headscope.app.control.color.ColorMap;

/** The window's icon, painted when needed: a small head grid with one strong head. */
public final class AppIcon {
    private static final double[][] CELLS = {{0.62, 0.5, 0.40}, {0.5, 0.97, 0.58}, {0.30, 0.55, 0.72}};
    private static final int DARK = 0xff1b2430;

    private AppIcon() {}

    /** @return the icon in the sizes that systems ask for */
    public static List<Image> images() {
        return IntStream.of(16, 32, 48, 64, 128).mapToObj(AppIcon::image).toList();
    }

    private static Image image(int size) {
        WritableImage image = new WritableImage(size, size);
        PixelWriter writer = image.getPixelWriter();
        int border = Math.max(1, size / 12);
        int gap = Math.max(1, size / 24);
        double cell = (size - 2.0 * border) / CELLS.length;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                writer.setArgb(x, y, color((x - border) / cell, (y - border) / cell, gap / cell));
            }
        }
        return image;
    }

    private static int color(double column, double row, double gap) {
        boolean inside = column >= 0 && row >= 0 && column < CELLS.length && row < CELLS.length;
        if (!inside || column % 1 < gap / 2 || column % 1 > 1 - gap / 2 || row % 1 < gap / 2 || row % 1 > 1 - gap / 2) {
            return DARK;
        }
        return ColorMap.DIVERGING.argb(CELLS[(int) row][(int) column]);
    }
}
