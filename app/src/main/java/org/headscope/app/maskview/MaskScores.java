package org.headscope.app.maskview;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headscope.analysis.evaluate.MaskEvaluation;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.app.text.Messages;

/** Two evaluations on the same texts and questions in one table. */
final class MaskScores {
    private MaskScores() {}

    /** One row for each number that both evaluations have; random masks are averaged. */
    static Table table(Result first, Result second) {
        Map<Score, Double> one = scores(first);
        Map<Score, Double> other = scores(second);
        List<List<Object>> rows = new ArrayList<>();
        one.forEach((what, a) -> {
            Double b = other.get(what);
            if (b != null) {
                rows.add(List.of(what.quantity(), what.mask(), a, b, b - a));
            }
        });
        return new Table(
                Messages.get("mask.compare.scores"),
                List.of(
                        Table.Column.text("what"),
                        Table.Column.text("mask"),
                        Table.Column.number("A", ""),
                        Table.Column.number("B", ""),
                        Table.Column.number("B − A", "")),
                rows);
    }

    /** What a number is. */
    private record Score(String quantity, String mask) {}

    private static Map<Score, Double> scores(Result result) {
        Map<Score, List<Double>> all = new LinkedHashMap<>();
        for (Panel panel : result.panels()) {
            if (panel instanceof Table table && table.title().equals(MaskEvaluation.LOSS)) {
                table.rows().forEach(row -> add(all, new Score("loss (nats)", kind(row.get(0))), row.get(3)));
            } else if (panel instanceof Table table && table.title().equals(MaskEvaluation.ACCURACY)) {
                table.rows()
                        .forEach(row -> add(all, new Score("accuracy, " + row.get(0), kind(row.get(1))), row.get(4)));
            }
        }
        return all.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElseThrow(),
                        (a, b) -> a,
                        LinkedHashMap::new));
    }

    private static void add(Map<Score, List<Double>> all, Score what, Object value) {
        all.computeIfAbsent(what, score -> new ArrayList<>()).add(((Number) value).doubleValue());
    }

    /** Random masks are told apart by their seeds, which differ in no way that matters here. */
    private static String kind(Object label) {
        String name = label.toString();
        return name.startsWith("random") ? "random masks" : name;
    }
}
