package org.headscope.app.picture;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.hooks.io.AtomicFile;

/** Draws the panels of a result into PNG files. */
public final class PanelPictures {
    /** Pixels per unit of the drawing, so that print is sharp. */
    private static final int SCALE = 2;

    private PanelPictures() {}

    /**
     * Writes one file per panel that has a picture; tables and graphs have none.
     *
     * @param panels what to draw
     * @param folder where to
     * @return titles of the panels without a picture
     */
    public static List<String> write(List<Panel> panels, Path folder) {
        List<String> without = new ArrayList<>();
        int number = 0;
        for (Panel panel : panels) {
            if (!draw(panel, folder.resolve("%02d-%s.png".formatted(++number, slug(panel.title()))))) {
                without.add(panel.title());
            }
        }
        return without;
    }

    /**
     * Draws one panel.
     *
     * @param panel what to draw
     * @param file where to; replaced as a whole
     * @return whether this kind of panel has a picture
     */
    public static boolean draw(Panel panel, Path file) {
        Optional<Drawing> drawing = drawing(panel);
        drawing.ifPresent(found -> save(found, file));
        return drawing.isPresent();
    }

    private static Optional<Drawing> drawing(Panel panel) {
        if (panel instanceof GridPanel grid && grid.grid().rank() == 2) {
            return Optional.of(new GridDrawing(grid));
        }
        return panel instanceof Curve curve ? Optional.of(new CurveDrawing(curve)) : Optional.empty();
    }

    private static void save(Drawing drawing, Path file) {
        BufferedImage image =
                new BufferedImage(drawing.width() * SCALE, drawing.height() * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D to = image.createGraphics();
        to.scale(SCALE, SCALE);
        to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        to.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        drawing.draw(to);
        to.dispose();
        AtomicFile.write(file, out -> ImageIO.write(image, "png", out));
    }

    private static String slug(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
