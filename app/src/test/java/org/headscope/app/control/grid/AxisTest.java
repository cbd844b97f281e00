package org.headscope.app.control.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void everyLabelIsShownWhereThereIsRoom() {
        assertThat(AxisLabels.shown(0, 4, 20, 12)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void labelsAreThinnedToRoundIndices() {
        assertThat(AxisLabels.shown(7, 20, 4, 18)).containsExactly(10, 15, 20, 25);
    }

    @Test
    void fewCellsShareThePixelsWithoutHoles() {
        AxisBins bins = AxisBins.of(5, 3, 10);

        assertThat(bins.pixelStart()).containsExactly(0, 3, 6, 10);
        assertThat(bins.cellStart()).containsExactly(5, 6, 7, 8);
    }

    @Test
    void manyCellsShareAPixelWithoutLosingOne() {
        AxisBins bins = AxisBins.of(0, 10, 4);

        assertThat(bins.pixelStart()).containsExactly(0, 1, 2, 3, 4);
        assertThat(bins.cellStart()).containsExactly(0, 2, 5, 7, 10);
    }
}
