package org.headscope.app.picture;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Locale;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.InvalidPanelException;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;

/** Draws what is in sight; every panel has a picture. */
public final class Pictures {
    /** Pixels per unit where a picture goes to another program. */
    private static final int SCALE = 2;

    private Pictures() {}

    /**
     * Writes a picture.
     *
     * @param sight what to draw
     * @param about where it comes from, as text for machines; may be empty
     * @param file where to, replaced as a whole; its ending says the format
     * @throws org.headscope.hooks.HeadscopeException when the ending is none of {@link PictureFormat}, when writing fails, or
     *     when the panel is no table with the columns that its look needs
     */
    public static void write(Sight sight, String about, Path file) {
        PictureFormat.of(file).write(drawing(sight), about, file);
    }

    /** Pixels, for the clipboard. */
    public static BufferedImage image(Sight sight) {
        return GraphicsSurface.image(drawing(sight), SCALE);
    }

    /** An SVG element for a page of HTML, in the colours of its text and its background. */
    public static String svg(Sight sight) {
        return SvgSurface.inline(drawing(sight));
    }

    private static Drawing drawing(Sight sight) {
        return switch (sight.look()) {
            case USUAL -> usual(sight);
            case POINTS -> new PointsDrawing(table(sight));
            case STEPS -> new StepsDrawing(table(sight));
        };
    }

    private static Table table(Sight sight) {
        if (sight.panel() instanceof Table table) {
            return table;
        }
        throw new InvalidPanelException("Only a table can be drawn as "
                + sight.look().name().toLowerCase(Locale.ROOT) + ", and '"
                + sight.panel().title() + "' is none. Make a table of its numbers, or draw it as it is.");
    }

    private static Drawing usual(Sight sight) {
        Panel panel = sight.panel();
        if (panel instanceof GridPanel grid) {
            boolean cut = grid.grid().rank() > 2
                    && sight.slice().isEmpty()
                    && grid.grid().size() > 0;
            return cut
                    ? new TilesDrawing(grid)
                    : new GridDrawing(grid, sight.slice().orElseGet(() -> GridSlice.of(grid)));
        }
        if (panel instanceof Curve curve) {
            return new CurveDrawing(curve);
        }
        return panel instanceof Table table ? new TableDrawing(table) : new GraphDrawing((EdgeGraph) panel);
    }
}
