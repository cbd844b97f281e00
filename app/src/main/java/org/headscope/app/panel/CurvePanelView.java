package org.headscope.app.panel;

import java.util.List;
import javafx.scene.chart.LineChart;
import javafx.scene.chart.NumberAxis;
import javafx.scene.chart.XYChart;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Quantity;

/** Lines of y against x; bands are left out here and kept in what is exported. */
final class CurvePanelView extends LineChart<Number, Number> {
    private static final int MOST_SYMBOLS = 60;
    private static final int MOST_COUNTED = 32;

    CurvePanelView(Curve curve) {
        super(axis(curve.x()), axis(curve.y()));
        getStyleClass().add("curve-panel");
        setAnimated(false);
        setCreateSymbols(curve.lines().stream().allMatch(line -> line.x().size() <= MOST_SYMBOLS));
        setLegendVisible(curve.lines().size() > 1);
        setMinHeight(240);
        setPrefHeight(320);
        countOnAxis(curve);
        curve.lines().forEach(line -> getData().add(series(line)));
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
