package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GridWindowTest {
    private final GridValues values = GridValues.missing(100, 60);

    @Test
    void zoomKeepsTheCellUnderTheMouseInPlace() {
        GridWindow zoomed = GridWindow.all(values).zoom(0.5, new GridCell(80, 15), values);

        assertThat(zoomed).isEqualTo(new GridWindow(40, 50, 8, 30));
    }

    @Test
    void zoomingOutEndsAtTheWhole() {
        GridWindow window = new GridWindow(90, 10, 0, 10);
        for (int i = 0; i < 40; i++) {
            window = window.zoom(1.25, new GridCell(95, 5), values);
        }

        assertThat(window).isEqualTo(GridWindow.all(values));
    }

    @Test
    void zoomingInStopsWhileThereIsSomethingToSee() {
        GridWindow window = GridWindow.all(values);
        for (int i = 0; i < 40; i++) {
            window = window.zoom(0.8, new GridCell(50, 30), values);
        }

        assertThat(window.rows()).isEqualTo(4);
        assertThat(window.contains(new GridCell(50, 30))).isTrue();
    }

    @Test
    void movingStopsAtTheEdges() {
        assertThat(new GridWindow(0, 10, 0, 10).moved(-5, 100, values)).isEqualTo(new GridWindow(0, 10, 50, 10));
    }

    @Test
    void columnsLeftOutAreNeverInSight() {
        assertThat(GridWindow.all(values).from(1, values)).isEqualTo(new GridWindow(0, 100, 1, 59));
        assertThat(new GridWindow(0, 10, 0, 10).from(1, values)).isEqualTo(new GridWindow(0, 10, 1, 10));
        assertThat(new GridWindow(0, 10, 7, 10).from(1, values)).isEqualTo(new GridWindow(0, 10, 7, 10));
    }
}
