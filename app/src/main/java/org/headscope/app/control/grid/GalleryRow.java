package org.headscope.app.control.grid;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.ColorScale;
import org.jspecify.annotations.Nullable;

/** The small pictures of the heads of one layer, each with its name below; drawn anew only when something changed. */
final class GalleryRow extends Region {
    static final double TOP = 3;
    private static final double LEFT = 3;
    private static final double GAP = 8;
    private final Canvas canvas = new Canvas();
    private final List<GridRaster> rasters = new ArrayList<>();
    private @Nullable List<GridValues> shown;
    private @Nullable Look looked;
    private double shownSide;

    /**
     * How a row looks.
     *
     * @param scale colours of the numbers
     * @param ground behind the pictures
     * @param line edge of a picture that is not there yet
     * @param ink of the names
     * @param font of the names
     * @param dense screen pixels per unit
     */
    record Look(ColorScale scale, Color ground, Color line, Color ink, Font font, double dense) {}

    GalleryRow() {
        setManaged(false);
        getChildren().add(canvas);
    }

    /** The side at which as many pictures fill a width. */
    static double side(double width, int heads) {
        return (width - LEFT) / heads - GAP;
    }

    static double left(int head, double side) {
        return LEFT + head * (side + GAP);
    }

    /** The head whose picture is at x, negative left of all. */
    static int headAt(double x, double side) {
        return (int) Math.floor((x - LEFT + GAP / 2) / (side + GAP));
    }

    /** @return how high the row is */
    double show(int layer, int heads, @Nullable List<GridValues> pictures, double side, Look look) {
        double height = TOP + side + new TextMetrics(look.font).lineHeight() + GAP;
        if (pictures != shown || side != shownSide || !look.equals(looked) || getHeight() != height) {
            shown = pictures;
            shownSide = side;
            looked = look;
            resize(left(heads, side), height);
            canvas.setWidth(getWidth());
            canvas.setHeight(height);
            paint(layer, heads, pictures, look);
        }
        return height;
    }

    private void paint(int layer, int heads, @Nullable List<GridValues> pictures, Look look) {
        GraphicsContext g = canvas.getGraphicsContext2D();
        g.clearRect(0, 0, getWidth(), getHeight());
        g.setImageSmoothing(false);
        g.setFont(look.font);
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.TOP);
        for (int head = 0; head < heads; head++) {
            double x = left(head, shownSide);
            if (pictures == null) {
                g.setStroke(look.line);
                g.strokeRect(x + 0.5, TOP + 0.5, shownSide - 1, shownSide - 1);
            } else {
                paint(g, head, pictures.get(head), x, look);
            }
            g.setFill(look.ink);
            g.fillText(layer + "." + head, x + shownSide / 2, TOP + shownSide + 2);
        }
    }

    /** Each head has a raster of its own: the canvas reads the picture later, when it is brought to the screen. */
    private void paint(GraphicsContext g, int head, GridValues picture, double x, Look look) {
        while (rasters.size() <= head) {
            rasters.add(new GridRaster());
        }
        int pixels = (int) Math.round(shownSide * look.dense);
        GridRaster.Look cells =
                new GridRaster.Look(look.scale, GridView.argb(look.ground), GridView.argb(look.line), 1, null);
        g.drawImage(
                rasters.get(head).paint(picture, GridWindow.all(picture), pixels, pixels, cells),
                x,
                TOP,
                shownSide,
                shownSide);
    }
}
