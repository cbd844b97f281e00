package org.headscope.app.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.headscope.app.live.Prediction;
import org.junit.jupiter.api.Test;

class PredictionRowTest {
    @Test
    void orderComesFromBeforeAndNewcomersFollow() {
        double[] before = {0.4, 0.2, 0.1, 0.08, 0.07, 0.06, 0.05, 0.04, 0, 0};
        double[] after = {0, 0, 0, 0, 0.05, 0, 0, 0.05, 0.3, 0.6};
        List<PredictionRow> rows = PredictionRow.of(new Prediction(before), new Prediction(after), id -> "t" + id);

        assertThat(rows).extracting(PredictionRow::id).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 9, 8);
        assertThat(rows.get(0)).isEqualTo(new PredictionRow(0, "t0", 0.4, 0));
        assertThat(rows.get(8).change()).isEqualTo(0.6);
    }
}
