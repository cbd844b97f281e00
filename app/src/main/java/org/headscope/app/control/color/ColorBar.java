package org.headscope.app.control.color;

import java.nio.IntBuffer;
import java.util.stream.IntStream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.PlotRegion;
import org.headscope.app.control.TextMetrics;

/** The upright legend of a colour scale: its colours, round numbers beside them, and what the numbers are. */
public final class ColorBar extends PlotRegion {
    private static final double BAR = 12;
    private static final double TICK = 4;
    private static final double GAP = 4;
    private static final int STEPS = 256;
    private static final double ROOM_PER_TICK = 34;
    private static final int USUAL_TICKS = 9;
    private final ObjectProperty<ColorScale> scale =
            new SimpleObjectProperty<>(this, "scale", new ColorScale(ColorMap.VIRIDIS, new ValueRange(0, 1)));
    private final StringProperty title = new SimpleStringProperty(this, "title", "");
    private final Canvas canvas = new Canvas();

    public ColorBar() {
        getStyleClass().add("color-bar");
        getChildren().add(canvas);
        scale.subscribe(this::styleChanged);
        title.subscribe(this::styleChanged);
    }

    public ObjectProperty<ColorScale> scaleProperty() {
        return scale;
    }

    /** What the numbers are; written along the bar. */
    public StringProperty titleProperty() {
        return title;
    }

    @Override
    protected void styleChanged() {
        requestLayout();
    }

    @Override
    protected double computePrefWidth(double height) {
        TextMetrics metrics = new TextMetrics(labelFont());
        double titleRoom = title.get().isEmpty() ? 0 : metrics.lineHeight() + GAP;
        double labels = IntStream.rangeClosed(2, USUAL_TICKS) // how many there will be depends on the height
                .mapToDouble(ticks -> widestLabel(metrics, ticks))
                .max()
                .orElse(0);
        return Math.ceil(BAR + TICK + GAP + labels + titleRoom);
    }

    @Override
    protected double computePrefHeight(double width) {
        return 160;
    }

    @Override
    protected void layoutChildren() {
        canvas.setWidth(getWidth());
        canvas.setHeight(getHeight());
        GraphicsContext g = canvas.getGraphicsContext2D();
        g.clearRect(0, 0, getWidth(), getHeight());
        if (getHeight() < 8) {
            return;
        }
        g.setImageSmoothing(false);
        g.drawImage(gradient(), 0, 0, BAR, getHeight());
        g.setStroke(line());
        g.strokeRect(0.5, 0.5, BAR - 1, getHeight() - 1);
        paintTicks(g);
        paintTitle(g);
    }

    private double widestLabel(TextMetrics metrics, int ticks) {
        return Ticks.of(scale.get().range(), ticks).stream()
                .mapToDouble(tick -> metrics.width(Ticks.format(tick)))
                .max()
                .orElse(0);
    }

    private int tickCount() {
        return (int) Math.max(2, Math.min(USUAL_TICKS, getHeight() / ROOM_PER_TICK));
    }

    private void paintTicks(GraphicsContext g) {
        g.setFont(labelFont());
        g.setFill(muted());
        g.setStroke(muted());
        g.setTextBaseline(VPos.CENTER);
        g.setTextAlign(TextAlignment.LEFT);
        ValueRange range = scale.get().range();
        double half = new TextMetrics(labelFont()).lineHeight() / 2;
        for (double tick : Ticks.of(range, tickCount())) {
            double y = (1 - range.fraction(tick)) * (getHeight() - 1);
            g.strokeLine(BAR, Math.floor(y) + 0.5, BAR + TICK, Math.floor(y) + 0.5);
            double inside = Math.max(half, Math.min(getHeight() - half, y));
            g.fillText(Ticks.format(tick), BAR + TICK + GAP, inside);
        }
    }

    private void paintTitle(GraphicsContext g) {
        if (!title.get().isEmpty()) {
            g.save();
            double labels = widestLabel(new TextMetrics(labelFont()), tickCount());
            g.translate(BAR + TICK + 2 * GAP + labels, getHeight() / 2);
            g.rotate(-90);
            g.setTextAlign(TextAlignment.CENTER);
            g.setTextBaseline(VPos.TOP);
            g.fillText(title.get(), 0, 0, getHeight());
            g.restore();
        }
    }

    private Image gradient() {
        int[] column = new int[STEPS];
        for (int i = 0; i < STEPS; i++) {
            column[i] = scale.get().map().argb(1 - i / (STEPS - 1.0));
        }
        WritableImage image = new WritableImage(1, STEPS);
        image.getPixelWriter().setPixels(0, 0, 1, STEPS, PixelFormat.getIntArgbInstance(), IntBuffer.wrap(column), 1);
        return image;
    }
}
