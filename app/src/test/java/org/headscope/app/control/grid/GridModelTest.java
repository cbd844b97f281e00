package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.ValueRange;
import org.junit.jupiter.api.Test;

class GridModelTest {
    private final HeatMapModel model = new HeatMapModel();

    @Test
    void rangeFollowsStreamedCells() {
        model.valuesProperty().set(GridValues.missing(2, 2));
        model.setCell(0, 1, -3);

        assertThat(model.range()).isEqualTo(new ValueRange(-3, 3));
    }

    @Test
    void fixedRangeWins() {
        model.scaleKindProperty().set(ScaleKind.SEQUENTIAL);
        model.fixedRangeProperty().set(new ValueRange(0, 1));
        model.valuesProperty().set(GridValues.of(new float[][] {{17}}));

        assertThat(model.range()).isEqualTo(new ValueRange(0, 1));
    }

    @Test
    void whoeverHearsOfSmallerValuesFindsNoCellOutsideThem() {
        GridCell last = new GridCell(3, 4);
        model.valuesProperty().set(GridValues.missing(4, 5));
        model.cursorProperty().set(last);
        model.hoveredProperty().set(last);
        List<Optional<GridCell>> cursors = new ArrayList<>();
        Runnable look =
                () -> cursors.add(Optional.ofNullable(model.cursorProperty().get()));
        model.hoveredProperty().subscribe((before, now) -> look.run());
        model.revisionProperty().subscribe((before, now) -> look.run());

        model.valuesProperty().set(GridValues.missing(2, 2));

        assertThat(cursors).hasSize(2).containsOnly(Optional.empty());
        assertThat(model.hoveredProperty().get()).isNull();
    }

    @Test
    void everyStreamedCellIsAChange() {
        model.valuesProperty().set(GridValues.missing(1, 2));
        long before = model.revisionProperty().get();
        model.setCell(0, 0, 1);
        model.setCell(0, 1, 1);

        assertThat(model.revisionProperty().get()).isEqualTo(before + 2);
    }

    @Test
    void cellOutsideIsNamed() {
        model.valuesProperty().set(GridValues.missing(2, 2));

        assertThatThrownBy(() -> model.setCell(2, 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("row=2")
                .hasMessageContaining("2 x 2");
    }

    @Test
    void cursorLeavingTheCloseLookMovesIt() {
        model.valuesProperty().set(GridValues.missing(100, 100));
        model.windowProperty().set(new GridWindow(10, 5, 10, 5));
        model.cursorProperty().set(new GridCell(14, 10));
        model.moveCursor(1, 0);

        assertThat(model.windowProperty().get()).isEqualTo(new GridWindow(11, 5, 10, 5));
    }

    @Test
    void newNumbersOfTheSameShapeKeepTheCloseLook() {
        model.valuesProperty().set(GridValues.missing(100, 100));
        model.windowProperty().set(new GridWindow(10, 5, 10, 5));
        model.valuesProperty().set(GridValues.missing(100, 100));

        assertThat(model.windowProperty().get()).isEqualTo(new GridWindow(10, 5, 10, 5));
    }
}
