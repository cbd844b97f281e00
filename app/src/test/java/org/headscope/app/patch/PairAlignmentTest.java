package org.headscope.app.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.app.control.token.TokenPairModel.Column;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PairAlignmentTest {
    @Test
    void equallyLongPromptsStandPositionByPosition() {
        assertThat(PairAlignment.of(List.of(1, 2, 3), List.of(2, 3, 1)))
                .containsExactly(new Column(0, 0, true), new Column(1, 1, true), new Column(2, 2, true));
    }

    @Test
    void aTokenThatIsTooManyStandsAgainstNothing() {
        assertThat(PairAlignment.of(List.of(1, 2, 3, 4), List.of(1, 3, 4)))
                .containsExactly(
                        new Column(0, 0, false),
                        new Column(1, -1, true),
                        new Column(2, 1, false),
                        new Column(3, 2, false));
    }

    @Test
    void differencesAreStretchesOfNeighbours() {
        List<Column> columns = PairAlignment.of(List.of(1, 7, 3, 4, 5), List.of(1, 8, 9, 3, 4, 6));

        assertThat(PairAlignment.differences(columns)).hasSize(2);
        assertThat(PairAlignment.differences(columns).get(0)).hasSize(2);
    }

    /** The plain recursion over prefixes is the oracle. */
    @RepeatedTest(20)
    void noAlignmentHasFewerEdits(RepetitionInfo info) {
        SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
        List<Integer> upper = random.ints(random.nextInt(0, 7), 0, 3).boxed().toList();
        List<Integer> lower =
                random.ints(upper.size() + 1 + random.nextInt(2), 0, 3).boxed().toList();

        List<Column> columns = PairAlignment.of(upper, lower);
        assertThat(columns.stream().filter(Column::differs).count()).isEqualTo(fewest(upper, lower));
        assertThat(positions(columns, true))
                .isEqualTo(IntStream.range(0, upper.size()).boxed().toList());
        assertThat(positions(columns, false))
                .isEqualTo(IntStream.range(0, lower.size()).boxed().toList());
    }

    private static List<Integer> positions(List<Column> columns, boolean upper) {
        List<Integer> positions = new ArrayList<>();
        columns.forEach(column -> positions.add(upper ? column.upper() : column.lower()));
        positions.removeIf(position -> position < 0);
        return positions;
    }

    private static int fewest(List<Integer> upper, List<Integer> lower) {
        if (upper.isEmpty() || lower.isEmpty()) {
            return upper.size() + lower.size();
        }
        List<Integer> up = upper.subList(1, upper.size());
        List<Integer> low = lower.subList(1, lower.size());
        int both = fewest(up, low) + (upper.get(0).equals(lower.get(0)) ? 0 : 1);
        return Math.min(both, 1 + Math.min(fewest(up, lower), fewest(upper, low)));
    }
}
