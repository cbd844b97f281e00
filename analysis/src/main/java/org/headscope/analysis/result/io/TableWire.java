package org.headscope.analysis.result.io;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Table;
import org.jspecify.annotations.Nullable;

/** Gives table entries back the types that JSON does not keep: null and "Infinity" in a number column are numbers. */
final class TableWire {
    private TableWire() {}

    static Table toTable(String title, List<Table.Column> columns, List<List<Object>> rows) {
        List<List<Object>> typed = new ArrayList<>();
        for (List<Object> row : rows) {
            if (row == null || row.size() != columns.size()) {
                throw new ResultFormatException(
                        "Table '" + title + "' has " + columns.size() + " columns, but a row reads " + row + ".");
            }
            List<Object> entries = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                entries.add(entry(columns.get(i), row.get(i)));
            }
            typed.add(entries);
        }
        return new Table(title, columns, typed);
    }

    private static Object entry(Table.Column column, @Nullable Object value) {
        if (column.type() == Table.Type.NUMBER) {
            if (value == null) {
                return Double.NaN;
            }
            if (value.equals("Infinity") || value.equals("-Infinity")) {
                return Double.valueOf((String) value);
            }
        }
        if (value == null) {
            throw new ResultFormatException("Column '" + column.name() + "' has an empty entry.");
        }
        return value;
    }
}
