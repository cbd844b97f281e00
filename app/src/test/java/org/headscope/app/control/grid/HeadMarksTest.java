package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeadMarksTest {
    private static final GridCell CELL = new GridCell(3, 1);

    @Test
    void untouchedHeadKeepsEverything() {
        assertThat(HeadMarks.NONE.gate(CELL)).isEqualTo(1.0);
    }

    @Test
    void changingLeavesTheOriginalAlone() {
        HeadMarks original = HeadMarks.off(List.of(CELL));
        HeadMarks changed = original.without(List.of(CELL));

        assertThat(original.size()).isEqualTo(1);
        assertThat(changed.size()).isZero();
    }

    @Test
    void laterChangesOfTheGivenMapDoNotShow() {
        NavigableMap<GridCell, Double> gates = new TreeMap<>();
        HeadMarks marks = new HeadMarks(gates);
        gates.put(CELL, 0.0);

        assertThat(marks.contains(CELL)).isFalse();
    }

    @Test
    void gateThatIsNoNumberIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeadMarks.NONE.with(List.of(CELL), Double.NaN))
                .withMessageContaining("row=3");
    }
}
