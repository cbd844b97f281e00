package org.headscope.app.control.curve;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.text.TextAlignment;
import org.headscope.app.control.CanvasPlot;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** Draws a curve. A click chooses the nearest point, arrow keys go from point to point. */
public final class CurvePlot extends CanvasPlot {
    private static final double GAP = 6;
    private static final double POINT = 2.5;
    private static final double MARK = 5;
    private static final double ROOM_PER_TICK = 30;
    private static final double[] DECADES = {0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 1_000_000};
    private final CurveModel model;
    private double left;
    private double right;
    private double top;
    private double bottom;

    /** @param model what is drawn */
    public CurvePlot(CurveModel model) {
        super("curve-plot", Messages.get("curve.accessible.help"));
        this.model = model;
        model.lineProperty().subscribe(this::requestLayout);
        model.namesProperty().subscribe(this::requestLayout);
        model.markProperty().subscribe(this::requestLayout);
        model.xTitleProperty().subscribe(this::requestLayout);
        model.yTitleProperty().subscribe(this::requestLayout);
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hovered);
        addEventHandler(KeyEvent.KEY_PRESSED, this::typed);
    }

    public CurveModel model() {
        return model;
    }

    /** @return where a place lies, in this view's own coordinates */
    public double screenX(double x) {
        return left + model.across().fraction(model.along(x)) * (right - left);
    }

    private double screenY(double y) {
        return bottom - model.upright().fraction(y) * (bottom - top);
    }

    @Override
    protected double computePrefWidth(double height) {
        return 320;
    }

    @Override
    protected double computePrefHeight(double width) {
        return 190;
    }

    @Override
    protected double computeMinHeight(double width) {
        return 110;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 160;
    }

    @Override
    protected void paint(GraphicsContext g) {
        setAccessibleText(model.summary());
        if (model.lineProperty().get().isEmpty()) {
            return;
        }
        TextMetrics metrics = new TextMetrics(labelFont());
        double row = metrics.lineHeight();
        top = row / 2 + 3;
        bottom = Math.max(top + 1, getHeight() - 2 * row - 2 * GAP);
        List<Double> ticks = Ticks.of(model.upright(), (int) Math.max(2, (bottom - top) / ROOM_PER_TICK));
        double numbers = ticks.stream()
                .mapToDouble(tick -> metrics.width(Ticks.format(tick)))
                .max()
                .orElse(0);
        left = Math.round(row + 2 * GAP + numbers);
        List<Double> points = model.lineProperty().get().x();
        double name = metrics.width(model.name(points.get(points.size() - 1)));
        right = Math.max(left + 1, getWidth() - Math.max(12, name / 2 + 2));
        paintAxes(g, ticks, metrics);
        paintBand(g);
        paintLine(g);
        paintMark(g);
    }

    private void paintAxes(GraphicsContext g, List<Double> ticks, TextMetrics metrics) {
        g.setFont(labelFont());
        g.setLineWidth(1);
        g.setTextBaseline(VPos.CENTER);
        g.setTextAlign(TextAlignment.RIGHT);
        for (double tick : ticks) {
            double y = Math.floor(screenY(tick)) + 0.5;
            g.setStroke(line());
            g.strokeLine(left, y, right, y);
            g.setFill(muted());
            g.fillText(Ticks.format(tick), left - GAP, y);
        }
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.TOP);
        double free = Double.NEGATIVE_INFINITY;
        for (double x : places()) {
            double at = screenX(x);
            String name = model.name(x);
            double half = metrics.width(name) / 2;
            if (at - half > free) {
                g.fillText(name, at, bottom + GAP / 2);
                free = at + half + GAP;
            }
        }
        g.fillText(model.xTitleProperty().get(), (left + right) / 2, bottom + GAP + metrics.lineHeight());
        g.save();
        g.translate(0, (top + bottom) / 2);
        g.rotate(-90);
        g.fillText(model.yTitleProperty().get(), 0, 0, bottom - top + metrics.lineHeight());
        g.restore();
        if (isFocused()) {
            g.setStroke(accent());
            g.strokeRect(left - 0.5, top - 2.5, right - left + 1, bottom - top + 4);
        }
    }

    /** Where numbers are written below the axis. */
    private List<Double> places() {
        List<Double> points = model.lineProperty().get().x();
        if (!model.logarithmicProperty().get()) {
            return points;
        }
        double most = points.get(points.size() - 1);
        List<Double> shown = new ArrayList<>();
        for (double decade : DECADES) {
            if (decade < most * 0.8) {
                shown.add(decade);
            }
        }
        shown.add(most);
        return shown;
    }

    private void paintBand(GraphicsContext g) {
        CurveLine drawn = model.lineProperty().get();
        if (!drawn.hasBand()) {
            return;
        }
        int count = drawn.x().size();
        double[] x = new double[2 * count];
        double[] y = new double[2 * count];
        for (int i = 0; i < count; i++) {
            x[i] = screenX(drawn.x().get(i));
            y[i] = screenY(drawn.lower().get(i));
            x[2 * count - 1 - i] = x[i];
            y[2 * count - 1 - i] = screenY(drawn.upper().get(i));
        }
        g.setFill(accent().deriveColor(0, 1, 1, 0.18));
        g.fillPolygon(x, y, 2 * count);
    }

    private void paintLine(GraphicsContext g) {
        CurveLine drawn = model.lineProperty().get();
        g.setStroke(accent());
        g.setFill(accent());
        g.setLineWidth(1.8);
        double lastX = Double.NaN;
        double lastY = Double.NaN;
        for (int i = 0; i < drawn.x().size(); i++) {
            double x = screenX(drawn.x().get(i));
            double y = screenY(drawn.y().get(i));
            if (!Double.isNaN(y)) {
                if (!Double.isNaN(lastY)) {
                    g.strokeLine(lastX, lastY, x, y);
                }
                g.fillOval(x - POINT, y - POINT, 2 * POINT, 2 * POINT);
            }
            lastX = x;
            lastY = y;
        }
    }

    private void paintMark(GraphicsContext g) {
        CurveModel.Mark mark = model.markProperty().get();
        if (mark == null) {
            return;
        }
        double x = screenX(mark.x());
        g.setStroke(text());
        g.setLineWidth(1);
        g.setLineDashes(3, 3);
        g.strokeLine(x, top, x, bottom);
        g.setLineDashes();
        if (!Double.isNaN(mark.y())) {
            double y = Math.max(top, Math.min(bottom, screenY(mark.y())));
            g.setFill(surface());
            g.fillOval(x - MARK, y - MARK, 2 * MARK, 2 * MARK);
            g.setStroke(text());
            g.setLineWidth(2);
            g.strokeOval(x - MARK, y - MARK, 2 * MARK, 2 * MARK);
        }
    }

    private @Nullable Double nearest(double screen) {
        List<Double> points = model.lineProperty().get().x();
        return points.stream()
                .min((one, other) -> Double.compare(Math.abs(screenX(one) - screen), Math.abs(screenX(other) - screen)))
                .orElse(null);
    }

    private void clicked(MouseEvent event) {
        Double x = nearest(event.getX());
        if (x != null) {
            model.choose(x);
        }
    }

    private void hovered(MouseEvent event) {
        Double x = nearest(event.getX());
        if (x != null) {
            tip().show(this, model.describe(x), event.getScreenX(), event.getScreenY());
        }
    }

    private void typed(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        KeyCode key = event.getCode();
        if (key == KeyCode.LEFT || key == KeyCode.RIGHT) {
            model.step(key == KeyCode.RIGHT ? 1 : -1);
            event.consume();
        }
    }
}
