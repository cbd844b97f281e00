package org.headscope.app.control.grid;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import javafx.scene.image.Image;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import org.headscope.app.control.color.ColorScale;
import org.jspecify.annotations.Nullable;

/**
 * Paints the cells of a grid, one picture element per screen pixel, straight into the memory of an image: 3072 heads or
 * an attention pattern of 2048 x 2048 take a few milliseconds, where drawing calls would take seconds. Numbers not
 * computed stay transparent.
 */
final class GridRaster {
    private static final int SMALLEST_WITH_GAP = 6;
    private static final int HATCH_PERIOD = 6;
    private static final int DARK_STROKE = 0xff10141a;
    private static final int LIGHT_STROKE = 0xffffffff;
    private int width;
    private int height;
    private int[] pixels = new int[0];
    private @Nullable PixelBuffer<IntBuffer> buffer;
    private @Nullable Image image;

    /**
     * What to paint besides the numbers.
     *
     * @param scale colours of the numbers
     * @param gap opaque ARGB of the lines between cells
     * @param ground opaque ARGB that masked cells fade towards
     * @param strokePixels how wide lines and the strokes over a masked cell are
     * @param gate what is left of a head, 1 for an untouched one; null in grids without masks
     */
    record Look(ColorScale scale, int gap, int ground, int strokePixels, @Nullable ToDoubleFunction<GridCell> gate) {}

    /**
     * Paints.
     *
     * @param values the numbers
     * @param window the cells to show
     * @param newWidth width of the picture in screen pixels
     * @param newHeight height of the picture
     * @param look colours and marks
     * @return the picture, the same object again unless the size changed
     */
    Image paint(GridValues values, GridWindow window, int newWidth, int newHeight, Look look) {
        resize(Math.max(1, newWidth), Math.max(1, newHeight));
        AxisBins rows = AxisBins.of(window.firstRow(), window.rows(), height);
        AxisBins columns = AxisBins.of(window.firstColumn(), window.columns(), width);
        int gap = look.strokePixels();
        boolean gaps = rows.count() > 0
                && columns.count() > 0
                && Math.min(height / rows.count(), width / columns.count()) >= SMALLEST_WITH_GAP * gap;
        for (int row = 0; row < rows.count(); row++) {
            paintRow(values, rows, row, columns, look);
            if (look.gate() != null) {
                paintMarks(rows, row, columns, look, look.gate());
            }
            if (gaps) {
                Arrays.fill(
                        pixels,
                        (rows.pixelStart()[row + 1] - gap) * width,
                        rows.pixelStart()[row + 1] * width,
                        look.gap());
                paintColumnGaps(rows, row, columns, look);
            }
        }
        return publish();
    }

    private void paintRow(GridValues values, AxisBins rows, int row, AxisBins columns, Look look) {
        int first = rows.pixelStart()[row];
        int end = rows.pixelStart()[row + 1];
        for (int column = 0; column < columns.count(); column++) {
            float value = values.strongest(
                    rows.cellStart()[row],
                    rows.cellStart()[row + 1],
                    columns.cellStart()[column],
                    columns.cellStart()[column + 1]);
            int from = first * width + columns.pixelStart()[column];
            Arrays.fill(
                    pixels,
                    from,
                    from + columns.pixelStart()[column + 1] - columns.pixelStart()[column],
                    look.scale().argb(value));
        }
        for (int y = first + 1; y < end; y++) {
            System.arraycopy(pixels, first * width, pixels, y * width, width);
        }
    }

    private void paintMarks(AxisBins rows, int row, AxisBins columns, Look look, ToDoubleFunction<GridCell> gates) {
        int first = rows.pixelStart()[row];
        int end = rows.pixelStart()[row + 1];
        for (int column = 0; column < columns.count(); column++) {
            double gate = gates.applyAsDouble(new GridCell(rows.cellStart()[row], columns.cellStart()[column]));
            if (gate != HeadMarks.FULL) {
                int depth = (int) Math.round((end - first) * Math.max(0, Math.min(1, gate)));
                hatch(columns.pixelStart()[column], columns.pixelStart()[column + 1], first + depth, end, look);
            }
        }
    }

    /**
     * Strokes over a block: dark and light ones side by side, so that they are seen on every colour. A small block has room
     * for one stroke only and turns grey below it.
     */
    private void hatch(int left, int right, int top, int bottom, Look look) {
        int stroke = look.strokePixels();
        boolean small = right - left < 2 * HATCH_PERIOD * stroke;
        int period = HATCH_PERIOD * stroke;
        int corner = left + right - stroke + top;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int phase = Math.floorMod(x + y - corner + (small ? stroke : 0), small ? 2 * period : period);
                int index = y * width + x;
                if (phase < stroke) {
                    pixels[index] = DARK_STROKE;
                } else if (phase < 2 * stroke && !small) {
                    pixels[index] = LIGHT_STROKE;
                } else {
                    pixels[index] = small ? look.ground() : mix(pixels[index], look.ground());
                }
            }
        }
    }

    private void paintColumnGaps(AxisBins rows, int row, AxisBins columns, Look look) {
        for (int y = rows.pixelStart()[row]; y < rows.pixelStart()[row + 1]; y++) {
            for (int column = 1; column <= columns.count(); column++) {
                int end = y * width + columns.pixelStart()[column];
                Arrays.fill(pixels, end - look.strokePixels(), end, look.gap());
            }
        }
    }

    private void resize(int newWidth, int newHeight) {
        if (newWidth != width || newHeight != height || buffer == null) {
            width = newWidth;
            height = newHeight;
            pixels = new int[newWidth * newHeight];
            buffer =
                    new PixelBuffer<>(newWidth, newHeight, IntBuffer.wrap(pixels), PixelFormat.getIntArgbPreInstance());
            image = new WritableImage(buffer);
        }
    }

    private Image publish() {
        PixelBuffer<IntBuffer> current = Objects.requireNonNull(buffer);
        current.updateBuffer(all -> null);
        return Objects.requireNonNull(image);
    }

    /** Halfway between two opaque colours. */
    private static int mix(int one, int other) {
        return 0xff000000 | ((one & 0xfefefe) >> 1) + ((other & 0xfefefe) >> 1);
    }
}
