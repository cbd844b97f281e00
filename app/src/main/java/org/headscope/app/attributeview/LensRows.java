package org.headscope.app.attributeview;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.reading.PositionLens;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;

/** Reads a result of the lens at one position, with answer and foil as the tokens that were followed. */
final class LensRows {
    private LensRows() {}

    static List<LensRow> of(Result result) {
        Map<String, List<LensRow.Candidate>> likeliest = new LinkedHashMap<>();
        for (List<Object> row : table(result, PositionLens.TOP).rows()) {
            likeliest
                    .computeIfAbsent((String) row.get(0), layer -> new ArrayList<>())
                    .add(new LensRow.Candidate((String) row.get(3), (Double) row.get(4)));
        }
        Map<String, List<LensRow.Followed>> followed = new LinkedHashMap<>();
        for (List<Object> row : table(result, PositionLens.FOLLOWED).rows()) {
            followed.computeIfAbsent((String) row.get(0), layer -> new ArrayList<>())
                    .add(new LensRow.Followed((Double) row.get(3), (Long) row.get(4)));
        }
        List<LensRow> rows = new ArrayList<>();
        followed.forEach((layer, tokens) ->
                rows.add(new LensRow(layer, likeliest.getOrDefault(layer, List.of()), tokens.get(0), tokens.get(1))));
        return rows;
    }

    private static Table table(Result result, String title) {
        return result.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .map(Table.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
