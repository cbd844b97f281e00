package org.headscope.app.control.grid;

/**
 * How the cells along one axis share the pixels: one cell over many pixels, or many cells in one pixel when there are more
 * cells than pixels.
 *
 * @param pixelStart first pixel of each bin, and the end of the last one
 * @param cellStart first cell of each bin, and the end of the last one
 */
@SuppressWarnings("ArrayRecordComponent") // made and used in one paint, never compared
record AxisBins(int[] pixelStart, int[] cellStart) {

    static AxisBins of(int firstCell, int cells, int pixels) {
        int bins = Math.min(cells, pixels);
        int[] pixelStart = new int[bins + 1];
        int[] cellStart = new int[bins + 1];
        for (int bin = 0; bin <= bins; bin++) {
            pixelStart[bin] = bins == 0 ? 0 : (int) ((long) bin * pixels / bins);
            cellStart[bin] = firstCell + (bins == 0 ? 0 : (int) ((long) bin * cells / bins));
        }
        return new AxisBins(pixelStart, cellStart);
    }

    int count() {
        return pixelStart.length - 1;
    }
}
