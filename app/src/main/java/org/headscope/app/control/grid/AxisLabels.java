package org.headscope.app.control.grid;

import java.util.ArrayList;
import java.util.List;

/** Which rows or columns get a written label, when there is not room for all. */
final class AxisLabels {
    private static final int[] STEPS = {1, 2, 5};

    private AxisLabels() {}

    /**
     * Chooses evenly spaced indices.
     *
     * @param first first index in sight
     * @param count how many are in sight
     * @param cellSize room for each
     * @param needed room a label needs, including the space to the next one
     * @return multiples of the smallest of 1, 2, 5, 10, 20, … that leaves enough room
     */
    static List<Integer> shown(int first, int count, double cellSize, double needed) {
        long step = step(cellSize, needed);
        List<Integer> shown = new ArrayList<>();
        for (long index = (first + step - 1) / step * step; index < first + count; index += step) {
            shown.add((int) index);
        }
        return shown;
    }

    private static long step(double cellSize, double needed) {
        for (long power = 1; power < Integer.MAX_VALUE; power *= 10) {
            for (int step : STEPS) {
                if (step * power * cellSize >= needed) {
                    return step * power;
                }
            }
        }
        return Integer.MAX_VALUE;
    }
}
