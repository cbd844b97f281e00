package org.headscope.app.circuitview;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.analysis.edges.CircuitGrowth;
import org.headscope.analysis.edges.CircuitSizes;
import org.headscope.analysis.edges.CircuitStudy.Measured;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.curve.CurveLine;
import org.jspecify.annotations.Nullable;

/** What circuits were found to do when they were run, each under its growth and number of edges. */
final class CircuitReadings {
    private static final int SIZE = 0;
    private static final int FAITHFULNESS = 3;
    private static final int LOWER = 4;
    private static final int UPPER = 5;
    private static final int DIVERGENCE = 6;
    private final Map<CircuitGrowth, TreeMap<Integer, Measured>> known = new HashMap<>();

    /** Takes over the sizes that an analysis has run. */
    void take(Result result, CircuitGrowth growth) {
        result.panel(CircuitSizes.SIZES)
                .filter(Table.class::isInstance)
                .map(Table.class::cast)
                .ifPresent(table -> table.rows().forEach(row -> put(growth, row)));
    }

    private void put(CircuitGrowth growth, List<Object> row) {
        put(
                growth,
                ((Number) row.get(SIZE)).intValue(),
                new Measured(
                        number(row, FAITHFULNESS), number(row, LOWER), number(row, UPPER), number(row, DIVERGENCE)));
    }

    private static double number(List<Object> row, int column) {
        return ((Number) row.get(column)).doubleValue();
    }

    void put(CircuitGrowth growth, int size, Measured measured) {
        known.computeIfAbsent(growth, key -> new TreeMap<>()).put(size, measured);
    }

    @Nullable
    Measured get(CircuitGrowth growth, int size) {
        return of(growth).get(size);
    }

    /** By size, small ones first. */
    TreeMap<Integer, Measured> of(CircuitGrowth growth) {
        return known.getOrDefault(growth, new TreeMap<>());
    }

    void clear() {
        known.clear();
    }

    /** Everything known of a growth as a curve. */
    CurveLine line(CircuitGrowth growth, Yardstick by) {
        TreeMap<Integer, Measured> sizes = of(growth);
        List<Double> x = sizes.keySet().stream().map(size -> (double) size).toList();
        List<Double> y = sizes.values().stream().map(by::of).toList();
        boolean band = by == Yardstick.FAITHFULNESS
                && sizes.values().stream().noneMatch(one -> Double.isNaN(one.lower()))
                && !sizes.isEmpty();
        return band
                ? new CurveLine(
                        x,
                        y,
                        sizes.values().stream().map(Measured::lower).toList(),
                        sizes.values().stream().map(Measured::upper).toList())
                : new CurveLine(x, y);
    }
}
