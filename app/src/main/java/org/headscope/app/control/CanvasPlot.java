package org.headscope.app.control;

import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.MouseEvent;

/** A plot on one canvas, drawn anew with every layout. Keys can reach it, and it says what lies under the mouse. */
public abstract class CanvasPlot extends PlotRegion {
    private final Canvas canvas = new Canvas();
    private final HoverTip tip = new HoverTip();

    /**
     * @param style its style class
     * @param help how keys and mouse act on it, for those who hear it
     */
    protected CanvasPlot(String style, String help) {
        getStyleClass().add(style);
        getChildren().add(canvas);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp(help);
        focusedProperty().subscribe(this::requestLayout);
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> requestFocus());
        addEventHandler(MouseEvent.MOUSE_EXITED, event -> tip.hide());
    }

    /** What lies under the mouse, in words. */
    protected final HoverTip tip() {
        return tip;
    }

    /** Draws everything; the canvas is as large as this region, and clear. */
    protected abstract void paint(GraphicsContext g);

    @Override
    protected final void styleChanged() {
        requestLayout();
    }

    @Override
    protected final void layoutChildren() {
        canvas.setWidth(getWidth());
        canvas.setHeight(getHeight());
        GraphicsContext g = canvas.getGraphicsContext2D();
        g.clearRect(0, 0, getWidth(), getHeight());
        paint(g);
    }
}
