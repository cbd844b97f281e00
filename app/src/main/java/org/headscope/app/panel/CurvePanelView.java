package org.headscope.app.panel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javafx.scene.chart.LineChart;
import javafx.scene.chart.NumberAxis;
import javafx.scene.chart.XYChart;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.PathElement;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Quantity;

/** Lines of y against x, with their bands. */
final class CurvePanelView extends LineChart<Number, Number> {
    private static final int MOST_SYMBOLS = 60;
    private static final int MOST_COUNTED = 32;

    private static final int COLORS = 8;

    private final Curve curve;
    private final List<Path> bands = new ArrayList<>();

    CurvePanelView(Curve curve) {
        super(axis(curve.x()), axis(curve.y()));
        this.curve = curve;
        getStyleClass().add("curve-panel");
        setAnimated(false);
        setCreateSymbols(curve.lines().stream().allMatch(line -> line.x().size() <= MOST_SYMBOLS));
        setLegendVisible(curve.lines().size() > 1);
        setMinHeight(240);
        setPrefHeight(320);
        countOnAxis(curve);
        for (int i = 0; i < curve.lines().size(); i++) {
            Path band = new Path();
            band.getStyleClass().addAll("curve-band", "default-color" + i % COLORS);
            band.setMouseTransparent(true);
            bands.add(band);
        }
        getPlotChildren().addAll(0, bands); // below the lines
        curve.lines().forEach(line -> getData().add(series(line)));
    }

    /** The axis of y has room for the bands too. */
    @Override
    protected void updateAxisRange() {
        super.updateAxisRange();
        if (getYAxis().isAutoRanging()) {
            List<Number> all = new ArrayList<>();
            for (Curve.Line line : curve.lines()) {
                Stream.of(line.y(), line.lower(), line.upper())
                        .flatMap(List::stream)
                        .filter(Double::isFinite)
                        .forEach(all::add);
            }
            getYAxis().invalidateRange(all);
        }
    }

    @Override
    protected void layoutPlotChildren() {
        super.layoutPlotChildren();
        for (int i = 0; i < bands.size(); i++) {
            bands.get(i).getElements().setAll(band(curve.lines().get(i)));
        }
    }

    /** Once along the lower edge and back along the upper one, anew after every gap. */
    private List<PathElement> band(Curve.Line line) {
        List<PathElement> path = new ArrayList<>();
        int size = line.lower().size();
        for (int from = 0; from < size; from++) {
            int end = from;
            while (end < size
                    && Double.isFinite(line.lower().get(end))
                    && Double.isFinite(line.upper().get(end))) {
                end++;
            }
            for (int i = from; i < end; i++) {
                path.add(
                        i == from
                                ? new MoveTo(x(line, i), y(line.lower(), i))
                                : new LineTo(x(line, i), y(line.lower(), i)));
            }
            for (int i = end - 1; i >= from; i--) {
                path.add(new LineTo(x(line, i), y(line.upper(), i)));
            }
            if (end > from) {
                path.add(new ClosePath());
            }
            from = end;
        }
        return path;
    }

    private double x(Curve.Line line, int i) {
        return getXAxis().getDisplayPosition(line.x().get(i));
    }

    private double y(List<Double> edge, int i) {
        return getYAxis().getDisplayPosition(edge.get(i));
    }

    /** Layers and the like are counted, so that there are no ticks between them. */
    private void countOnAxis(Curve curve) {
        List<Double> all =
                curve.lines().stream().flatMap(line -> line.x().stream()).toList();
        double low = all.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double high = all.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        if (all.stream().allMatch(x -> x == Math.rint(x))
                && high - low <= MOST_COUNTED
                && getXAxis() instanceof NumberAxis axis) {
            axis.setAutoRanging(false);
            axis.setLowerBound(low);
            axis.setUpperBound(Math.max(low + 1, high));
            axis.setTickUnit(1);
            axis.setMinorTickVisible(false);
        }
    }

    private static NumberAxis axis(Quantity quantity) {
        NumberAxis axis = new NumberAxis();
        axis.setForceZeroInRange(quantity.zeroCentred());
        axis.setLabel(quantity.unit().isEmpty() ? quantity.name() : quantity.name() + " (" + quantity.unit() + ")");
        return axis;
    }

    private static XYChart.Series<Number, Number> series(Curve.Line line) {
        XYChart.Series<Number, Number> series = new XYChart.Series<>();
        series.setName(line.name());
        for (int i = 0; i < line.x().size(); i++) {
            double y = line.y().get(i);
            if (Double.isFinite(y)) {
                series.getData().add(new XYChart.Data<>(line.x().get(i), y));
            }
        }
        return series;
    }
}
