package org.headscope.app.control.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import javafx.geometry.Rectangle2D;

/**
 * Where chips lie that wrap like text.
 *
 * @param chips the place of each chip, row after row
 * @param rowHeight from one row to the next
 * @param height of all rows together
 */
record TokenFlow(List<Rectangle2D> chips, double rowHeight, double height) {
    /** Space between chips. */
    static final double GAP = 4;

    /**
     * Places chips.
     *
     * @param widths of the chips
     * @param chipHeight the same for all
     * @param room width of a row; a wider chip gets a row of its own
     */
    static TokenFlow of(double[] widths, double chipHeight, double room) {
        List<Rectangle2D> chips = new ArrayList<>(widths.length);
        double x = 0;
        double y = 0;
        for (double width : widths) {
            if (x > 0 && x + width > room) {
                x = 0;
                y += chipHeight + GAP;
            }
            chips.add(new Rectangle2D(x, y, width, chipHeight));
            x += width + GAP;
        }
        return new TokenFlow(List.copyOf(chips), chipHeight + GAP, chips.isEmpty() ? 0 : y + chipHeight);
    }

    /** Finds the chip at a point without looking at all of them. */
    OptionalInt at(double x, double y) {
        int index = firstAtOrBelow(y);
        for (int i = index; i < chips.size() && chips.get(i).getMinY() <= y; i++) {
            if (chips.get(i).contains(x, y)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Finds the chip of the row above (−1) or below (1) that is nearest to a chip. */
    int neighbour(int position, int rows) {
        Rectangle2D from = chips.get(position);
        double y = from.getMinY() + rows * rowHeight + 1;
        if (y < 0 || y > height) {
            return position;
        }
        int nearest = position;
        double best = Double.MAX_VALUE;
        for (int i = firstAtOrBelow(y); i < chips.size() && chips.get(i).getMinY() <= y; i++) {
            double distance = Math.abs(centre(chips.get(i)) - centre(from));
            if (distance < best) {
                best = distance;
                nearest = i;
            }
        }
        return nearest;
    }

    private int firstAtOrBelow(double y) {
        double[] bottoms = chips.stream().mapToDouble(Rectangle2D::getMaxY).toArray();
        int found = Arrays.binarySearch(bottoms, y);
        int index = found >= 0 ? found : -found - 1;
        while (index > 0 && bottoms[index - 1] >= y) {
            index--;
        }
        return index;
    }

    private static double centre(Rectangle2D chip) {
        return chip.getMinX() + chip.getWidth() / 2;
    }
}
