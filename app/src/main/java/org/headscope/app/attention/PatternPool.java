package org.headscope.app.attention;

import java.util.ArrayList;
import java.util.List;
import org.headscope.app.control.grid.GridValues;

/**
 * Patterns of all heads of a layer as pictures of bounded size. Where several tokens share a cell it shows the strongest of
 * their numbers, so that a lone strong one is not lost; 0 to 1 keep their meaning.
 */
final class PatternPool {
    private final int length;
    private final int skipped;
    private final int side;
    private final float[][] cells;

    /**
     * @param heads how many
     * @param length tokens of the prompt
     * @param skipped how many keys are left out at the start
     * @param most cells per side
     */
    PatternPool(int heads, int length, int skipped, int most) {
        this.length = length;
        this.skipped = Math.min(skipped, length - 1);
        this.side = Math.min(length, most);
        this.cells = new float[heads][side * side];
    }

    /** Adds the attention of some queries, {@code [head, query, key]}. */
    void add(int first, int queries, float[] rows) {
        int keys = rows.length / cells.length / queries;
        for (int head = 0; head < cells.length; head++) {
            for (int query = 0; query < queries; query++) {
                int line = (int) ((long) (first + query) * side / length) * side;
                add(cells[head], line, rows, (head * queries + query) * keys, keys);
            }
        }
    }

    private void add(float[] picture, int line, float[] rows, int from, int keys) {
        int seen = length - skipped;
        for (int key = skipped; key < keys; key++) {
            int cell = line + (int) ((long) (key - skipped) * Math.min(side, seen) / seen);
            picture[cell] = Math.max(picture[cell], rows[from + key]);
        }
    }

    /** One picture per head. */
    List<GridValues> pictures() {
        int columns = Math.min(side, length - skipped);
        List<GridValues> pictures = new ArrayList<>();
        for (float[] picture : cells) {
            float[] narrow = new float[side * columns];
            for (int row = 0; row < side; row++) {
                System.arraycopy(picture, row * side, narrow, row * columns, columns);
            }
            pictures.add(GridValues.of(side, columns, narrow));
        }
        return pictures;
    }

    /** The largest number of all. */
    double largest() {
        float largest = 0;
        for (float[] picture : cells) {
            for (float cell : picture) {
                largest = Math.max(largest, cell);
            }
        }
        return largest;
    }
}
