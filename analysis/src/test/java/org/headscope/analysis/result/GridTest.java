package org.headscope.analysis.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class GridTest {
    private static final List<Axis> TWO_BY_THREE = List.of(Axis.layers(2), Axis.heads(3));

    @Test
    void lastAxisRunsFastest() {
        Grid grid = Grid.of(TWO_BY_THREE, new double[] {0, 1, 2, 3, 4, 5});
        assertThat(grid.at(1, 0)).isEqualTo(3);
        assertThat(grid.at(0, 2)).isEqualTo(2);
    }

    @Test
    void rowsAndFlatNumbersGiveTheSameGrid() {
        Grid rows = Grid.of(Axis.layers(2), Axis.heads(3), new double[][] {{0, 1, 2}, {3, 4, 5}});
        assertThat(rows).isEqualTo(Grid.of(TWO_BY_THREE, new double[] {0, 1, 2, 3, 4, 5}));
    }

    @Test
    void refusesANumberCountThatDoesNotFit() {
        assertThatThrownBy(() -> Grid.of(TWO_BY_THREE, new double[5]))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("[layer=2, head=3] needs 6 numbers, got 5");
    }

    @Test
    void refusesARaggedRow() {
        assertThatThrownBy(() -> Grid.of(Axis.layers(2), Axis.heads(3), new double[][] {{0, 1, 2}, {3, 4}}))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("'head' of size 3");
    }

    @Test
    void refusesAMissingRow() {
        assertThatThrownBy(() -> Grid.of(Axis.layers(2), Axis.heads(3), new double[][] {{0, 1, 2}}))
                .isInstanceOf(InvalidPanelException.class);
    }

    @Test
    void refusesAnIndexOutsideItsAxisInsteadOfReadingTheNextRow() {
        Grid grid = Grid.of(TWO_BY_THREE, new double[6]);
        assertThatThrownBy(() -> grid.at(0, 3))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("Index 3 lies outside axis 'head' (0..2)");
    }

    @Test
    void refusesAxesWhoseProductOverflows() {
        assertThatThrownBy(() -> Grid.builder(Axis.layers(70_000), Axis.heads(70_000)))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("too many cells");
    }

    @Test
    void laterChangesOfTheSourceArrayDoNotReachTheGrid() {
        double[] numbers = {0, 1, 2, 3, 4, 5};
        Grid grid = Grid.of(TWO_BY_THREE, numbers);
        numbers[0] = 99;
        grid.toArray()[1] = 99;
        assertThat(grid.toArray()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void cellsNotYetSetAreNaN() {
        GridBuilder builder = Grid.builder(Axis.layers(2), Axis.heads(3)).set(0.5, 1, 2);
        Grid snapshot = builder.snapshot();
        assertThat(snapshot.computed()).isEqualTo(1);
        assertThat(snapshot.at(1, 2)).isEqualTo(0.5);
        assertThat(snapshot.at(0, 0)).isNaN();
    }

    @Test
    void aSnapshotIsNotTouchedByFurtherFilling() {
        GridBuilder builder = Grid.builder(Axis.layers(1), Axis.heads(1));
        Grid before = builder.snapshot();
        builder.setAt(0, 1.0);
        assertThat(before.at(0, 0)).isNaN();
    }

    @Test
    void gridsWithNaNInTheSamePlacesAreEqual() {
        double[] numbers = {0, Double.NaN, 2, 3, 4, 5};
        assertThat(Grid.of(TWO_BY_THREE, numbers)).isEqualTo(Grid.of(TWO_BY_THREE, numbers.clone()));
    }
}
