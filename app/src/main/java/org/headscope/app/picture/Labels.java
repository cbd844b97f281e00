package org.headscope.app.picture;

import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table.Column;

/** What is written at axes and beside marks. */
final class Labels {
    private static final int LONGEST = 64;

    private Labels() {}

    static String of(Quantity quantity) {
        return withUnit(quantity.name(), quantity.unit());
    }

    static String of(Column column) {
        return withUnit(column.name(), column.unit());
    }

    private static String withUnit(String name, String unit) {
        return unit.isEmpty() ? name : name + " (" + unit + ")";
    }

    /** One line that is not too long. */
    static String line(String text) {
        String line = text.replace('\n', '↵');
        return line.codePointCount(0, line.length()) <= LONGEST
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }
}
