package org.headscope.app.picture;

import java.awt.image.BufferedImage;
import java.util.stream.DoubleStream;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.color.ColorMap;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.ValueRange;

/**
 * The colours of numbers on paper; zero keeps its colour.
 *
 * @param map the colours
 * @param range the numbers
 */
record GridColors(ColorMap map, ValueRange range) {
    /** More pixels than this along one side tell an eye nothing more. */
    private static final int MOST_PIXELS = 4096;

    /** A file with more shapes than this is slower to open than it is worth. */
    static final int MOST_SHAPES = 4096;

    private static final double DARK = 0.5;

    static GridColors of(Quantity quantity, DoubleStream numbers) {
        boolean signed = quantity.zeroCentred();
        var known = numbers.filter(Double::isFinite).summaryStatistics();
        boolean none = known.getCount() == 0;
        return new GridColors(
                signed ? ColorMap.DIVERGING : ColorMap.VIRIDIS,
                ValueRange.containing(
                        signed ? ScaleKind.DIVERGING : ScaleKind.SEQUENTIAL,
                        none ? Double.NaN : known.getMin(),
                        none ? Double.NaN : known.getMax()));
    }

    /** The colour of a number; the page where there is none. */
    int argb(double value) {
        return Double.isNaN(value) ? Drawing.PAGE : map.argb(range.fraction(value));
    }

    /** What is read best on the colour of a number. */
    int textArgb(double value) {
        int argb = argb(value);
        double light = (0.3 * (argb >> 16 & 0xff) + 0.59 * (argb >> 8 & 0xff) + 0.11 * (argb & 0xff)) / 255;
        return light < DARK ? 0xffffffff : 0xff000000;
    }

    double extent() {
        return Math.max(-range.low(), range.high());
    }

    /** How many cells share a pixel along each side of an image. */
    static int block(int rows, int columns) {
        return Math.max(1, (Math.max(rows, columns) + MOST_PIXELS - 1) / MOST_PIXELS);
    }

    /** Paints cells without gaps: as shapes, or as one image where there would be too many. */
    void paint(Surface to, Grid grid, GridSlice slice, Box over, boolean shapes) {
        if (!shapes) {
            to.image(image(grid, slice), over);
            return;
        }
        int rows = slice.rowAxis(grid).size();
        int columns = slice.columnAxis(grid).size();
        double width = over.width() / columns;
        double height = over.height() / rows;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                Box cell = new Box(over.x() + column * width, over.y() + row * height, width, height);
                to.fill(cell, argb(slice.at(grid, row, column)));
            }
        }
    }

    /** One pixel per cell; where cells share one it shows the strongest, so that a lone strong cell is not lost. */
    BufferedImage image(Grid grid, GridSlice slice) {
        int rows = slice.rowAxis(grid).size();
        int columns = slice.columnAxis(grid).size();
        int block = block(rows, columns);
        BufferedImage image = new BufferedImage(
                (columns + block - 1) / block, (rows + block - 1) / block, BufferedImage.TYPE_INT_RGB);
        double[] strongest = new double[image.getWidth()];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                boolean first = row % block == 0 && column % block == 0;
                double value = slice.at(grid, row, column);
                int x = column / block;
                strongest[x] = first || !(Math.abs(value) <= Math.abs(strongest[x])) ? value : strongest[x];
                image.setRGB(x, row / block, argb(strongest[x]));
            }
        }
        return image;
    }
}
