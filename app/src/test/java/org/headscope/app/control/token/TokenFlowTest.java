package org.headscope.app.control.token;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Rectangle2D;
import org.junit.jupiter.api.Test;

class TokenFlowTest {
    private final TokenFlow flow = TokenFlow.of(new double[] {40, 40, 30, 200, 20}, 20, 100);

    @Test
    void chipsWrapWhenTheRowIsFull() {
        assertThat(flow.chips())
                .containsExactly(
                        new Rectangle2D(0, 0, 40, 20),
                        new Rectangle2D(44, 0, 40, 20),
                        new Rectangle2D(0, 24, 30, 20),
                        new Rectangle2D(0, 48, 200, 20),
                        new Rectangle2D(0, 72, 20, 20));
    }

    @Test
    void heightEndsWithTheLastRow() {
        assertThat(flow.height()).isEqualTo(92);
    }

    @Test
    void everyChipIsFoundAtItsCentre() {
        for (int i = 0; i < flow.chips().size(); i++) {
            Rectangle2D chip = flow.chips().get(i);

            assertThat(flow.at(chip.getMinX() + chip.getWidth() / 2, chip.getMinY() + 10))
                    .hasValue(i);
        }
    }

    @Test
    void gapBetweenChipsIsNoChip() {
        assertThat(flow.at(42, 10)).isEmpty();
        assertThat(flow.at(10, 22)).isEmpty();
    }

    @Test
    void arrowsGoToTheNearestChipOfTheNextRow() {
        assertThat(flow.neighbour(1, 1)).isEqualTo(2);
        assertThat(flow.neighbour(2, -1)).isZero();
    }

    @Test
    void arrowsStopAtTheFirstAndLastRow() {
        assertThat(flow.neighbour(1, -1)).isEqualTo(1);
        assertThat(flow.neighbour(4, 1)).isEqualTo(4);
    }

    @Test
    void noTokensTakeNoRoom() {
        assertThat(TokenFlow.of(new double[0], 20, 100).height()).isZero();
    }
}
