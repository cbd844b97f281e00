package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridGeometryTest {
    private final GridGeometry geometry = new GridGeometry(20, 10, 8, 5, new GridWindow(3, 4, 6, 2));

    @ParameterizedTest
    @CsvSource({"20, 10, 3, 6", "35.9, 10, 3, 7", "20, 29.9, 6, 6", "28, 15, 4, 7"})
    void pointInsideIsACell(double x, double y, int row, int column) {
        assertThat(geometry.cellAt(x, y)).contains(new GridCell(row, column));
    }

    @ParameterizedTest
    @CsvSource({"19.9, 12", "36, 12", "25, 9.9", "25, 30"})
    void pointOutsideIsNoCell(double x, double y) {
        assertThat(geometry.cellAt(x, y)).isEmpty();
    }

    @Test
    void leftOfTheCellsIsTheRowHeader() {
        assertThat(geometry.rowHeaderAt(5, 16)).contains(4);
    }

    @Test
    void aboveTheCellsIsTheColumnHeader() {
        assertThat(geometry.columnHeaderAt(30, 2)).contains(7);
    }

    @Test
    void boundsAndCellAtAgree() {
        GridCell cell = new GridCell(5, 7);
        var bounds = geometry.bounds(cell);

        assertThat(geometry.cellAt(bounds.getMinX(), bounds.getMinY())).contains(cell);
    }

    @ParameterizedTest
    @CsvSource({"100, 12, 30, 8", "100, 2, 30, 30", "100, 50, 30, 2", "100, 200, 30, 0.5", "0, 5, 30, 1"})
    void cellsFillTheRoomInWholeUnitsWhileTheyAreLarge(double room, int cells, double largest, double size) {
        assertThat(GridGeometry.cellSize(room, cells, largest)).isEqualTo(size);
    }
}
