package org.headscope.app.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.headscope.app.live.Prediction;
import org.headscope.app.live.Prediction.Candidate;

/**
 * One candidate for the next token.
 *
 * @param id its token id
 * @param text how it is shown
 * @param before its probability with nothing masked
 * @param after its probability under the mask
 */
public record PredictionRow(int id, String text, double before, double after) {
    private static final int MOST = 8;
    private static final int NEWCOMERS = 4;

    public double change() {
        return after - before;
    }

    /**
     * Chooses what to show: what was likeliest before, then what the mask brought up. The order does not depend on the
     * mask, so that rows stay where they are while a gate is dragged.
     *
     * @param before with nothing masked
     * @param after under the mask
     * @param show names token ids
     */
    static List<PredictionRow> of(Prediction before, Prediction after, IntFunction<String> show) {
        Map<Integer, String> chosen = new LinkedHashMap<>();
        for (Candidate candidate : before.top(MOST, show)) {
            chosen.put(candidate.id(), candidate.text());
        }
        if (after != before) {
            for (Candidate candidate : after.top(NEWCOMERS, show)) {
                chosen.putIfAbsent(candidate.id(), candidate.text());
            }
        }
        List<PredictionRow> rows = new ArrayList<>();
        chosen.forEach((id, text) ->
                rows.add(new PredictionRow(id, text, before.probabilities()[id], after.probabilities()[id])));
        return rows;
    }
}
