package org.headscope.app.control.scatter;

import java.util.List;
import javafx.geometry.Insets;
import javafx.geometry.Point2D;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import org.headscope.app.control.CanvasPlot;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/**
 * Points in a plane. A click selects one, with Shift or Shortcut one more, dragging those in a rectangle; arrow keys go
 * from point to point, Enter or a double click opens one.
 */
public final class Scatter extends CanvasPlot {
    private static final double NEAR = 10;
    private static final double GAP = 5;
    private static final double DRAGGED = 4;

    private final ScatterModel model;
    private ScatterFrame frame =
            new ScatterFrame(0, 0, 1, 1, ScatterFrame.range(List.of(), p -> 0), ScatterFrame.range(List.of(), p -> 0));
    private @Nullable Point2D pressed;
    private @Nullable Point2D dragged;

    public Scatter(ScatterModel model) {
        super("scatter", Messages.get("scatter.help"));
        this.model = model;
        model.pointsProperty().subscribe(this::requestLayout);
        model.selectedProperty().subscribe(this::changed);
        model.outlinedProperty().subscribe(this::requestLayout);
        model.cursorProperty().subscribe(this::changed);
        model.xTitleProperty().subscribe(this::changed);
        model.yTitleProperty().subscribe(this::changed);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
        addEventHandler(MouseEvent.MOUSE_RELEASED, this::release);
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    }

    /** @return where a point lies within this region, for clicking it in tests */
    public Point2D centreOf(int point) {
        return frame.place(model.pointsProperty().get().get(point));
    }

    private void changed() {
        requestLayout();
        int cursor = model.cursorProperty().get();
        setAccessibleText(Messages.get(
                "scatter.accessible",
                Integer.toString(model.pointsProperty().get().size()),
                Integer.toString(model.selectedProperty().get().size()),
                cursor == ScatterModel.NONE ? Messages.get("scatter.noCursor") : model.describe(cursor)));
    }

    @Override
    protected double computePrefWidth(double height) {
        return 340;
    }

    @Override
    protected double computePrefHeight(double width) {
        return 280;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 180;
    }

    @Override
    protected double computeMinHeight(double width) {
        return 140;
    }

    @Override
    protected void paint(GraphicsContext g) {
        frame = arrange();
        if (frame.width() > 8 && frame.height() > 8) {
            ScatterPainter painter = new ScatterPainter(
                    g, frame, new ScatterPainter.Ink(text(), muted(), line(), surface(), accent(), labelFont()));
            painter.axes(model.xTitleProperty().get(), model.yTitleProperty().get());
            painter.points(model, isFocused());
            if (pressed != null && dragged != null) {
                painter.selecting(pressed, dragged);
            }
        }
    }

    private ScatterFrame arrange() {
        TextMetrics metrics = new TextMetrics(labelFont());
        var across = ScatterFrame.range(model.pointsProperty().get(), ScatterPoint::x);
        var up = ScatterFrame.range(model.pointsProperty().get(), ScatterPoint::y);
        double labels = Ticks.of(up, ScatterPainter.TICKS).stream()
                .mapToDouble(tick -> metrics.width(Ticks.format(tick)))
                .max()
                .orElse(0);
        Insets insets = getInsets();
        double left = Math.ceil(insets.getLeft() + metrics.lineHeight() + labels + 2 * GAP);
        double top = Math.ceil(insets.getTop() + GAP);
        double below = Math.ceil(2 * metrics.lineHeight() + 2 * GAP);
        return new ScatterFrame(
                left,
                top,
                getWidth() - left - insets.getRight() - 2 * GAP,
                getHeight() - top - insets.getBottom() - below,
                across,
                up);
    }

    private int pointAt(double x, double y) {
        int best = ScatterModel.NONE;
        double nearest = NEAR;
        for (int i = 0; i < model.pointsProperty().get().size(); i++) {
            double distance = centreOf(i).distance(x, y);
            if (distance < nearest) {
                best = i;
                nearest = distance;
            }
        }
        return best;
    }

    private void hover(MouseEvent event) {
        int point = pointAt(event.getX(), event.getY());
        if (point == ScatterModel.NONE) {
            tip().hide();
        } else {
            tip().show(this, model.describe(point), event.getScreenX(), event.getScreenY());
        }
    }

    private void press(MouseEvent event) {
        tip().hide();
        pressed = event.getButton() == MouseButton.PRIMARY ? new Point2D(event.getX(), event.getY()) : null;
        dragged = null;
    }

    private void drag(MouseEvent event) {
        Point2D now = new Point2D(event.getX(), event.getY());
        if (pressed != null && (dragged != null || pressed.distance(now) > DRAGGED)) {
            dragged = now;
            requestLayout();
        }
    }

    private void release(MouseEvent event) {
        Point2D from = pressed;
        Point2D to = dragged;
        pressed = null;
        dragged = null;
        if (from != null && to != null) {
            model.pickWithin(
                    frame.xAt(Math.min(from.getX(), to.getX())),
                    frame.xAt(Math.max(from.getX(), to.getX())),
                    frame.yAt(Math.max(from.getY(), to.getY())),
                    frame.yAt(Math.min(from.getY(), to.getY())));
        }
        requestLayout();
    }

    private void clicked(MouseEvent event) {
        int point = pointAt(event.getX(), event.getY());
        if (event.getButton() != MouseButton.PRIMARY || !event.isStillSincePress() || point == ScatterModel.NONE) {
            return;
        }
        if (event.getClickCount() == 2) {
            model.open();
        } else {
            model.pick(point, event.isShiftDown() || event.isShortcutDown());
        }
    }

    private void key(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        switch (event.getCode()) {
            case LEFT, KP_LEFT -> model.move(true, -1, event.isShiftDown());
            case RIGHT, KP_RIGHT -> model.move(true, 1, event.isShiftDown());
            case DOWN, KP_DOWN -> model.move(false, -1, event.isShiftDown());
            case UP, KP_UP -> model.move(false, 1, event.isShiftDown());
            case ENTER -> model.open();
            default -> {
                return;
            }
        }
        event.consume();
    }
}
