package org.headscope.app.control.grid;

import java.util.Optional;
import java.util.function.ToDoubleFunction;
import javafx.geometry.Insets;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.ImageView;
import javafx.scene.input.MouseEvent;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import org.headscope.app.control.HoverTip;
import org.headscope.app.control.PlotRegion;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.ColorBar;
import org.headscope.app.control.color.ColorScale;
import org.jspecify.annotations.Nullable;

/**
 * Draws a grid: cells as one picture, labels on a canvas around it, cursor and selection on a canvas above it, and a
 * colour bar. Kinds of grid add how keys and clicks work.
 */
public abstract class GridView<M extends GridModel> extends PlotRegion {
    private static final double BAR_GAP = 14;
    /** Room right of and below the cells for the frame that shows the focus. */
    private static final double EDGE = 4;

    /** Below this a colour bar has no room for its numbers and its title. */
    private static final double SHORTEST_BAR = 150;

    private static final double LARGEST_PREFERRED = 640;
    private final M model;
    private final GridRaster raster = new GridRaster();
    private final Rectangle missing = new Rectangle();
    private final ImageView picture = new ImageView();
    private final Canvas frame = new Canvas();
    private final Canvas overlay = new Canvas();
    private final ColorBar bar = new ColorBar();
    private final HoverTip tooltip = new HoverTip();
    private final LabelWidths widths;
    private GridGeometry geometry = new GridGeometry(0, 0, 1, 1, GridWindow.all(GridValues.NONE));

    protected GridView(M model, String styleClass) {
        this.model = model;
        this.widths = new LabelWidths(model);
        getStyleClass().add(styleClass);
        getChildren().addAll(missing, picture, frame, overlay, bar);
        picture.setSmooth(false);
        bar.titleProperty().bind(model.valueTitleProperty());
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
        listen();
    }

    private void listen() {
        model.revisionProperty().subscribe(this::styleChanged);
        model.scaleKindProperty().subscribe(this::styleChanged);
        model.fixedRangeProperty().subscribe(this::styleChanged);
        model.numberedProperty().subscribe(this::styleChanged);
        model.rowTitleProperty().subscribe(this::styleChanged);
        model.columnTitleProperty().subscribe(this::styleChanged);
        model.rowLabels().subscribe(this::styleChanged);
        model.columnLabels().subscribe(this::styleChanged);
        model.cursorProperty().subscribe(this::overlayChanged);
        model.hoveredProperty().subscribe(this::overlayChanged);
        focusedProperty().subscribe(this::overlayChanged);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(MouseEvent.MOUSE_EXITED, event -> leave());
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> {
            requestFocus();
            tooltip.hide();
            event.consume(); // a scroll pane around would take the focus
        });
    }

    public final M model() {
        return model;
    }

    /** @return the cells in sight */
    protected abstract GridWindow window();

    /** @return the largest side of a cell, in screen units at the usual size of type */
    protected abstract double largestCell();

    /** @return the largest height of a cell, where it is not its largest width */
    protected double largestCellHeight() {
        return largestCell();
    }

    /** @return whether cells are as wide as high */
    protected abstract boolean square();

    /** @return what is left of a head, or null in a grid without masks */
    protected abstract @Nullable ToDoubleFunction<GridCell> gates();

    /** @return the whole in one sentence, for people who hear the window */
    protected abstract String summary();

    /** Draws what a kind of grid has above its cells. */
    protected abstract void paintOverlay(GridOverlay painter);

    /** Writes on the cells, if a kind of grid does. */
    protected void paintOnCells(GraphicsContext g, GridFrame labels, ColorScale scale) {}

    final GridGeometry geometry() {
        return geometry;
    }

    /** @return the middle of a cell in this view's own coordinates */
    public final Point2D centreOf(GridCell cell) {
        Rectangle2D bounds = geometry.bounds(cell);
        return new Point2D(bounds.getMinX() + bounds.getWidth() / 2, bounds.getMinY() + bounds.getHeight() / 2);
    }

    final Optional<GridCell> cellAt(MouseEvent event) {
        return cellAt(event.getX(), event.getY());
    }

    /** The cell at a place; what was laid out may be larger than what there is by now. */
    final Optional<GridCell> cellAt(double x, double y) {
        return geometry.cellAt(x, y).filter(model.values()::contains);
    }

    final double typeFactor() {
        return font().getSize() / 13;
    }

    @Override
    protected void styleChanged() {
        requestLayout();
    }

    @Override
    protected double computePrefWidth(double height) {
        GridWindow shown = window();
        double cells = Math.min(LARGEST_PREFERRED, shown.columns() * largestCell());
        return insetsWidth() + measuredRoom(largestCell()).left() + cells + BAR_GAP + bar.prefWidth(-1) + EDGE;
    }

    @Override
    protected double computePrefHeight(double width) {
        GridWindow shown = window();
        double shortest = model.numberedProperty().get() ? SHORTEST_BAR : 0;
        double cells = Math.max(shortest, Math.min(LARGEST_PREFERRED, shown.rows() * largestCellHeight()));
        Insets insets = getInsets();
        return insets.getTop()
                + insets.getBottom()
                + measuredRoom(largestCell()).top()
                + cells
                + EDGE;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 160;
    }

    @Override
    protected double computeMinHeight(double width) {
        return 120;
    }

    @Override
    protected void layoutChildren() {
        ColorScale scale = new ColorScale(model.scaleKindProperty().get().map(onDark()), model.range());
        bar.scaleProperty().set(scale); // its numbers decide how wide it is
        double barWidth = bar.prefWidth(-1);
        GridRoom room = arrange(barWidth);
        bar.setVisible(!model.values().isEmpty() && model.numberedProperty().get());
        double barHeight = Math.max(geometry.height(), Math.min(SHORTEST_BAR, getHeight() - geometry.top() - EDGE));
        bar.resizeRelocate(geometry.right() + BAR_GAP, geometry.top(), barWidth, barHeight);
        paintCells(scale);
        paintFrame(room, scale);
        overlayChanged();
    }

    /** Finds the size of cells that fits; the room for labels depends on it in turn. */
    private GridRoom arrange(double barWidth) {
        GridWindow shown = window();
        Insets insets = getInsets();
        GridRoom room = measuredRoom(largestCell());
        for (int pass = 0; pass < 2; pass++) {
            double roomX = getWidth() - insetsWidth() - room.left() - BAR_GAP - barWidth - EDGE;
            double roomY = getHeight() - insets.getTop() - insets.getBottom() - room.top() - EDGE;
            double width = GridGeometry.cellSize(roomX, shown.columns(), largestCell());
            double height = GridGeometry.cellSize(roomY, shown.rows(), largestCellHeight());
            double side = Math.min(width, height);
            geometry = new GridGeometry(
                    Math.round(insets.getLeft() + room.left()),
                    Math.round(insets.getTop() + room.top()),
                    square() ? side : width,
                    square() ? side : height,
                    shown);
            room = measuredRoom(geometry.cellWidth());
        }
        return room;
    }

    private GridRoom measuredRoom(double cellWidth) {
        return GridRoom.measure(model, widths.in(labelFont()), new TextMetrics(labelFont()), cellWidth);
    }

    private double insetsWidth() {
        return getInsets().getLeft() + getInsets().getRight();
    }

    private void paintCells(ColorScale scale) {
        double dense = getScene() == null || getScene().getWindow() == null
                ? 1
                : getScene().getWindow().getOutputScaleX();
        picture.setImage(raster.paint(
                model.values(),
                geometry.window(),
                (int) Math.round(geometry.width() * dense),
                (int) Math.round(geometry.height() * dense),
                new GridRaster.Look(
                        scale, argb(surface()), argb(muted()), Math.max(1, (int) Math.round(dense)), gates())));
        picture.setFitWidth(geometry.width());
        picture.setFitHeight(geometry.height());
        picture.relocate(geometry.left(), geometry.top());
        missing.setWidth(geometry.width());
        missing.setHeight(geometry.height());
        missing.relocate(geometry.left(), geometry.top());
        missing.setFill(MissingPattern.of(surface(), line()));
    }

    private void paintFrame(GridRoom room, ColorScale scale) {
        frame.setWidth(getWidth());
        frame.setHeight(getHeight());
        GraphicsContext g = frame.getGraphicsContext2D();
        g.clearRect(0, 0, getWidth(), getHeight());
        if (!model.values().isEmpty()) {
            GridFrame labels = new GridFrame(model, geometry, room, labelFont(), text(), muted());
            labels.paint(g);
            paintOnCells(g, labels, scale);
        }
    }

    /** Redraws cursor, selection and hover, and says the new state in words. */
    protected final void overlayChanged() {
        overlay.setWidth(getWidth());
        overlay.setHeight(getHeight());
        GraphicsContext g = overlay.getGraphicsContext2D();
        g.clearRect(0, 0, getWidth(), getHeight());
        if (!model.values().isEmpty()) {
            paintOverlay(new GridOverlay(g, geometry, text(), surface(), accent()));
            if (isFocused()) {
                g.setStroke(accent());
                g.setLineWidth(1);
                g.strokeRect(geometry.left() - 2.5, geometry.top() - 2.5, geometry.width() + 5, geometry.height() + 5);
            }
        }
        setAccessibleText(summary());
    }

    private void hover(MouseEvent event) {
        Optional<GridCell> cell = cellAt(event);
        model.hoveredProperty().set(cell.orElse(null));
        cell.ifPresentOrElse(
                found -> tooltip.show(this, model.describe(found), event.getScreenX(), event.getScreenY()),
                tooltip::hide);
    }

    private void leave() {
        model.hoveredProperty().set(null);
        tooltip.hide();
    }

    static int argb(Color color) {
        return 0xff000000
                | (int) Math.round(color.getRed() * 255) << 16
                | (int) Math.round(color.getGreen() * 255) << 8
                | (int) Math.round(color.getBlue() * 255);
    }
}
