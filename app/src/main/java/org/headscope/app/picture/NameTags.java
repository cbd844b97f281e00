package org.headscope.app.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.app.picture.TextStyle.Anchor;

/** Names beside points; one that would lie on another name is moved up or down and led back to its point by a line. */
final class NameTags {
    private static final double GAP = 9;
    private static final double LINE = 13;
    private static final int MOST_LINES = 16;

    private final Box within;
    private final List<Box> taken = new ArrayList<>();

    /**
     * Names for points.
     *
     * @param within where names may stand
     * @param marks points that no name may hide
     */
    NameTags(Box within, List<Spot> marks) {
        this.within = within;
        marks.forEach(mark -> taken.add(new Box(mark.x() - GAP / 2, mark.y() - GAP / 2, GAP, GAP)));
    }

    /** Writes the name of a point. */
    void write(Surface to, String name, Spot point) {
        double width = TextStyle.PLAIN.width(name);
        Box place = candidates(point, width)
                .filter(box -> box.isInside(within) && taken.stream().noneMatch(box::meets))
                .findFirst()
                .orElseGet(() -> pushedInside(point, width));
        taken.add(place);
        boolean onTheLeft = place.right() < point.x();
        double near = onTheLeft ? place.right() : place.x();
        double middle = place.y() + LINE / 2;
        if (Math.abs(middle - point.y()) > 1) {
            to.line(List.of(point, new Spot(near, middle)), new Pen(Drawing.FAINT, 0.6));
        }
        to.text(name, new Spot(near, middle + 4), TextStyle.PLAIN.at(onTheLeft ? Anchor.END : Anchor.START));
    }

    /** Level with the point first, then further and further up and down; to the right before to the left. */
    private static Stream<Box> candidates(Spot point, double width) {
        return IntStream.range(0, 2 * MOST_LINES)
                .mapToObj(i -> (i + 1) / 2 * (i % 2 == 0 ? LINE : -LINE) + point.y() - LINE / 2)
                .flatMap(y -> Stream.of(
                        new Box(point.x() + GAP, y, width, LINE), new Box(point.x() - GAP - width, y, width, LINE)));
    }

    /** In a crowd names lie on each other, but none leaves the picture. */
    private Box pushedInside(Spot point, double width) {
        double x = Math.max(within.x(), Math.min(point.x() + GAP, within.right() - width));
        return new Box(x, point.y() - LINE / 2, width, LINE);
    }
}
