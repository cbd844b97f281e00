package org.headscope.app.control.waterfall;

import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.scene.Cursor;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import org.headscope.app.control.CanvasPlot;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.text.Messages;

/**
 * Bars that lead from zero to a sum, one below the other. A click or Enter opens a step that has parts; arrow keys go from
 * bar to bar, right opens and left closes.
 */
public final class Waterfall extends CanvasPlot {
    private static final double ROW_PADDING = 6;
    private static final double SMALLEST = 240;
    private static final double USUAL = 420;

    private final WaterfallModel model;

    public Waterfall(WaterfallModel model) {
        super("waterfall", Messages.get("waterfall.help"));
        this.model = model;
        model.rowsProperty().subscribe(this::rowsChanged);
        model.cursorProperty().subscribe(this::changed);
        model.unitProperty().subscribe(this::changed);
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    }

    public WaterfallModel model() {
        return model;
    }

    /** @return where a row lies within this region, for scrolling it into view and for clicking it in tests */
    public Bounds boundsOf(int row) {
        return new BoundingBox(0, top() + row * rowHeight(), getWidth(), rowHeight());
    }

    private void rowsChanged() {
        requestLayout();
        changed();
    }

    private void changed() {
        requestLayout();
        int cursor = model.cursorProperty().get();
        setAccessibleText(Messages.get(
                "waterfall.accessible",
                Integer.toString(model.rowsProperty().get().size()),
                cursor == WaterfallModel.NONE
                        ? Messages.get("waterfall.noCursor")
                        : model.describe(model.rowsProperty().get().get(cursor))));
    }

    private double rowHeight() {
        return Math.ceil(new TextMetrics(font()).lineHeight() + ROW_PADDING);
    }

    private double top() {
        return getInsets().getTop() + Math.ceil(new TextMetrics(labelFont()).lineHeight()) + ROW_PADDING;
    }

    @Override
    protected double computeMinWidth(double height) {
        return SMALLEST;
    }

    @Override
    protected double computePrefWidth(double height) {
        return USUAL;
    }

    @Override
    protected double computePrefHeight(double width) {
        return top()
                + model.rowsProperty().get().size() * rowHeight()
                + ROW_PADDING
                + getInsets().getBottom();
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected void paint(GraphicsContext g) {
        if (model.rowsProperty().get().isEmpty() || getWidth() < 40) {
            return;
        }
        Insets insets = getInsets();
        var ink = new WaterfallPainter.Ink(
                text(), muted(), line(), subtle(), accent(), ScaleKind.DIVERGING.map(onDark()), font(), labelFont());
        WaterfallPainter painter = new WaterfallPainter(g, model, ink, top(), rowHeight());
        painter.paint(insets.getLeft(), getWidth() - insets.getRight(), isFocused());
    }

    private int rowAt(MouseEvent event) {
        int row = (int) Math.floor((event.getY() - top()) / rowHeight());
        return row >= 0 && row < model.rowsProperty().get().size() ? row : WaterfallModel.NONE;
    }

    private void hover(MouseEvent event) {
        int row = rowAt(event);
        setCursor(row == WaterfallModel.NONE ? Cursor.DEFAULT : Cursor.HAND);
        if (row == WaterfallModel.NONE) {
            tip().hide();
        } else {
            String words = model.describe(model.rowsProperty().get().get(row));
            tip().show(this, words, event.getScreenX(), event.getScreenY());
        }
    }

    private void clicked(MouseEvent event) {
        int row = rowAt(event);
        if (event.getButton() == MouseButton.PRIMARY && row != WaterfallModel.NONE) {
            model.choose(row);
            toggle();
        }
    }

    private void toggle() {
        WaterfallRow row = model.rowsProperty().get().get(model.cursorProperty().get());
        if (row.kind() == WaterfallRow.Kind.OPEN || row.kind() == WaterfallRow.Kind.CLOSED) {
            model.toggle(row.step());
        }
    }

    private void key(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        switch (event.getCode()) {
            case UP, KP_UP -> model.move(-1);
            case DOWN, KP_DOWN -> model.move(1);
            case HOME -> model.move(-model.rowsProperty().get().size());
            case END -> model.move(model.rowsProperty().get().size());
            case RIGHT, KP_RIGHT -> model.setOpen(true);
            case LEFT, KP_LEFT -> model.setOpen(false);
            case ENTER, SPACE -> {
                if (model.cursorProperty().get() != WaterfallModel.NONE) {
                    toggle();
                }
            }
            default -> {
                return;
            }
        }
        event.consume();
    }
}
