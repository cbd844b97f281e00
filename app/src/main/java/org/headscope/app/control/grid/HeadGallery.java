package org.headscope.app.control.grid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.AccessibleRole;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Pane;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import org.headscope.app.control.HoverTip;
import org.headscope.app.control.PlotRegion;
import org.headscope.app.control.color.ColorScale;
import org.headscope.app.text.Messages;

/** Small pictures of all heads, a row for each layer; a click or Enter opens one, arrow keys move, long ones scroll. */
public final class HeadGallery extends PlotRegion {
    private static final double SMALLEST = 40;
    private static final double LARGEST = 150;
    private static final double SCROLL_BAR = 18;
    private static final double FRAME = 3;
    private final HeadGalleryModel model;
    private final Pane pane = new Pane();
    private final ScrollPane scroll = new ScrollPane(pane);
    private final List<GalleryRow> rows = new ArrayList<>();
    private final Rectangle cursor = new Rectangle();
    private final HoverTip tip = new HoverTip();
    private double side = SMALLEST;

    public HeadGallery(HeadGalleryModel model) {
        this.model = model;
        getStyleClass().add("head-gallery");
        scroll.getStyleClass().add("gallery-scroll");
        scroll.setFocusTraversable(false);
        cursor.setMouseTransparent(true);
        cursor.setManaged(false);
        cursor.setFill(Color.TRANSPARENT);
        cursor.setStrokeWidth(FRAME);
        getChildren().add(scroll);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp(Messages.get("gallery.accessible.help"));
        setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
        model.revisionProperty().subscribe(this::styleChanged);
        model.rangeProperty().subscribe(this::styleChanged);
        model.scaleKindProperty().subscribe(this::styleChanged);
        model.heads().cursorProperty().subscribe(this::cursorMoved);
        focusedProperty().subscribe(this::placeCursor);
        pane.addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        pane.addEventHandler(MouseEvent.MOUSE_EXITED, event -> tip.hide());
        pane.addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> requestFocus());
        addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
    }

    /** @return the middle of a head's picture in the coordinates of the screen, for pointing at it in tests */
    public Point2D centreOf(GridCell head) {
        return rows.get(head.row())
                .localToScreen(GalleryRow.left(head.column(), side) + side / 2, GalleryRow.TOP + side / 2);
    }

    @Override
    protected void styleChanged() {
        requestLayout();
    }

    @Override
    protected double computePrefWidth(double height) {
        return 640;
    }

    @Override
    protected double computePrefHeight(double width) {
        return 420;
    }

    @Override
    protected void layoutChildren() {
        scroll.resizeRelocate(0, 0, getWidth(), getHeight());
        int heads = Math.max(1, model.heads().values().columns());
        side = Math.floor(Math.max(SMALLEST, Math.min(LARGEST, GalleryRow.side(getWidth() - SCROLL_BAR, heads))));
        makeRows();
        double dense = getScene() == null || getScene().getWindow() == null
                ? 1
                : getScene().getWindow().getOutputScaleX();
        GalleryRow.Look look = new GalleryRow.Look(
                new ColorScale(
                        model.scaleKindProperty().get().map(onDark()),
                        model.rangeProperty().get()),
                surface(),
                line(),
                text(),
                labelFont(),
                dense);
        double y = 0;
        for (int layer = 0; layer < rows.size(); layer++) {
            GalleryRow row = rows.get(layer);
            row.setLayoutY(y);
            y += row.show(layer, heads, model.layer(layer), side, look);
        }
        pane.setPrefSize(GalleryRow.left(heads, side), y);
        scroll.layout();
        placeCursor();
    }

    private void makeRows() {
        int layers = model.heads().values().rows();
        if (rows.size() != layers) {
            rows.clear();
            for (int layer = 0; layer < layers; layer++) {
                rows.add(new GalleryRow());
            }
            pane.getChildren().setAll(rows);
            pane.getChildren().add(cursor);
        }
    }

    private void cursorMoved() {
        placeCursor();
        GridCell now = model.heads().cursorProperty().get();
        if (now != null && now.row() < rows.size()) {
            GalleryRow row = rows.get(now.row());
            double left = GalleryRow.left(now.column(), side);
            reveal(left, left + side, row.getLayoutY(), row.getLayoutY() + row.getHeight());
        }
        speak();
    }

    private void reveal(double left, double right, double top, double bottom) {
        Bounds sight = scroll.getViewportBounds();
        double spareX = pane.getPrefWidth() - sight.getWidth();
        double spareY = pane.getPrefHeight() - sight.getHeight();
        scroll.setHvalue(scrolled(scroll.getHvalue(), spareX, left, right - sight.getWidth()));
        scroll.setVvalue(scrolled(scroll.getVvalue(), spareY, top, bottom - sight.getHeight()));
    }

    /** The least change of a scroll position after which it lies between two others. */
    private static double scrolled(double now, double spare, double most, double least) {
        return spare <= 0 ? 0 : Math.max(least / spare, Math.min(most / spare, now));
    }

    private void placeCursor() {
        GridCell now = model.heads().cursorProperty().get();
        cursor.setVisible(now != null && now.row() < rows.size());
        if (now != null && now.row() < rows.size()) {
            cursor.setStroke(isFocused() ? accent() : text());
            cursor.setX(GalleryRow.left(now.column(), side) - FRAME / 2);
            cursor.setY(rows.get(now.row()).getLayoutY() - FRAME / 2 + GalleryRow.TOP);
            cursor.setWidth(side + FRAME);
            cursor.setHeight(side + FRAME);
        }
    }

    private void speak() {
        GridCell now = model.heads().cursorProperty().get();
        setAccessibleText(Messages.get(
                "gallery.accessible",
                Integer.toString(model.heads().values().rows()),
                Integer.toString(model.heads().values().columns()),
                now == null
                        ? Messages.get("grid.accessible.noCursor")
                        : model.heads().describe(now)));
    }

    private Optional<GridCell> headAt(MouseEvent event) {
        for (int layer = 0; layer < rows.size(); layer++) {
            GalleryRow row = rows.get(layer);
            double y = event.getY() - row.getLayoutY();
            if (y >= 0 && y < row.getHeight()) {
                int head = GalleryRow.headAt(event.getX(), side);
                GridCell cell = new GridCell(layer, head);
                return head >= 0 && model.heads().values().contains(cell) ? Optional.of(cell) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private void hover(MouseEvent event) {
        headAt(event)
                .ifPresentOrElse(
                        head -> tip.show(this, model.heads().describe(head), event.getScreenX(), event.getScreenY()),
                        tip::hide);
    }

    private void clicked(MouseEvent event) {
        if (event.getButton() == MouseButton.PRIMARY && event.isStillSincePress()) {
            headAt(event).ifPresent(this::open);
        }
    }

    private void open(GridCell head) {
        tip.hide();
        model.heads().moveTo(head, false);
        model.heads().choose(head);
    }

    private void pressed(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        Optional<Arrow> arrow = Arrow.of(event.getCode());
        arrow.ifPresent(step -> model.heads().moveCursor(step.rows(), step.columns()));
        if (arrow.isPresent() || act(event.getCode())) {
            event.consume();
        }
    }

    private boolean act(KeyCode key) {
        GridValues all = model.heads().values();
        switch (key) {
            case HOME -> model.heads().moveCursor(0, -all.columns());
            case END -> model.heads().moveCursor(0, all.columns());
            case PAGE_UP -> model.heads().moveCursor(-all.rows(), 0);
            case PAGE_DOWN -> model.heads().moveCursor(all.rows(), 0);
            case ENTER, SPACE -> {
                GridCell now = model.heads().cursorProperty().get();
                if (now == null) {
                    return false;
                }
                open(now);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
