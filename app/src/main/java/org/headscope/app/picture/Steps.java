package org.headscope.app.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.Table.Type;
import org.headscope.app.control.color.ValueRange;

/**
 * The rows of a table as steps to a sum.
 *
 * @param all the steps in sight, the last one being the sum
 * @param range all numbers that are passed on the way, and zero
 */
record Steps(List<Step> all, ValueRange range) {
    /** A taller picture would not open everywhere. */
    private static final int MOST = 400;
    /** Sums of the same numbers in another order differ by less than this share of the range. */
    private static final double SAME = 1e-6;

    private static final List<Type> COLUMNS = List.of(Type.TEXT, Type.NUMBER, Type.NUMBER, Type.NUMBER);

    /**
     * One row.
     *
     * @param name what it is called
     * @param value what it adds
     * @param from the sum before it
     * @param to the sum with it
     */
    record Step(String name, double value, double from, double to) {
        private static Step of(List<Object> row) {
            return new Step(
                    Labels.line((String) row.get(0)), (Double) row.get(1), (Double) row.get(2), (Double) row.get(3));
        }

        /** Without these there is no bar. */
        boolean hasEnds() {
            return Double.isFinite(from) && Double.isFinite(to);
        }
    }

    static Steps of(Table table) {
        Columns.check(table, "steps", List.of(COLUMNS));
        List<Step> all = inSight(table.rows()).stream().map(Step::of).toList();
        DoubleStream ends =
                all.stream().filter(Step::hasEnds).flatMapToDouble(step -> DoubleStream.of(step.from(), step.to()));
        return new Steps(all, ValueRange.around(DoubleStream.concat(DoubleStream.of(0), ends)));
    }

    /** Where there are too many the sum is still among them. */
    private static List<List<Object>> inSight(List<List<Object>> rows) {
        if (rows.size() <= MOST) {
            return rows;
        }
        List<List<Object>> some = new ArrayList<>(rows.subList(0, MOST - 1));
        some.add(rows.get(rows.size() - 1));
        return some;
    }

    boolean isSum(int index) {
        return index == all.size() - 1;
    }

    /** The steps below begin where this one began: they are its parts, and it adds nothing to them. */
    boolean isTakenApart(int index) {
        return index + 2 < all.size()
                && same(all.get(index).from(), all.get(index + 1).from())
                && !same(all.get(index).to(), all.get(index + 1).from());
    }

    /** Where the way goes on from a step to the one below; nowhere when that one begins elsewhere. */
    OptionalDouble joint(int index) {
        if (index + 1 >= all.size()) {
            return OptionalDouble.empty();
        }
        Step step = all.get(index);
        Step below = all.get(index + 1);
        double begin = isSum(index + 1) ? below.to() : below.from(); // the sum begins at zero again
        boolean joined = same(step.to(), begin) || isTakenApart(index);
        return joined ? OptionalDouble.of(begin) : OptionalDouble.empty();
    }

    private boolean same(double one, double other) {
        return Math.abs(one - other) <= SAME * (range.high() - range.low());
    }
}
