package org.headscope.analysis.result;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of named columns.
 *
 * @param title the heading
 * @param columns what each column holds
 * @param rows one entry per column: String, Double, Long or Boolean as the column's type says
 */
public record Table(String title, List<Column> columns, List<List<Object>> rows) implements Panel {
    /** What a column holds. */
    public enum Type {
        /** Words. */
        TEXT(String.class),
        /** Measured numbers; NaN means missing. */
        NUMBER(Double.class),
        /** Counts and indices. */
        INTEGER(Long.class),
        /** True or false. */
        BOOLEAN(Boolean.class);

        private final Class<?> held;

        Type(Class<?> held) {
            this.held = held;
        }

        private Object accept(Column column, Object value) {
            Object widened = value;
            if (value instanceof Number number && this == NUMBER) {
                widened = number.doubleValue();
            } else if (value instanceof Integer number && this == INTEGER) {
                widened = number.longValue();
            }
            if (!held.isInstance(widened)) {
                throw new InvalidPanelException(
                        "Column '" + column.name() + "' holds " + this + ", not '" + value + "'.");
            }
            return widened;
        }
    }

    /**
     * One column.
     *
     * @param name its heading
     * @param unit unit of its numbers, may be empty
     * @param type what it holds
     */
    public record Column(String name, String unit, Type type) {
        /**
         * @param name the heading
         * @return a column of words
         */
        public static Column text(String name) {
            return new Column(name, "", Type.TEXT);
        }

        /**
         * @param name the heading
         * @param unit the unit, may be empty
         * @return a column of measured numbers
         */
        public static Column number(String name, String unit) {
            return new Column(name, unit, Type.NUMBER);
        }

        /**
         * @param name the heading
         * @return a column of whole numbers
         */
        public static Column integer(String name) {
            return new Column(name, "", Type.INTEGER);
        }
    }

    /** Checks every row against the columns; whole numbers and floats are widened to Long and Double. */
    public Table {
        columns = List.copyOf(columns);
        List<List<Object>> checked = new ArrayList<>();
        for (List<Object> row : rows) {
            checked.add(check(title, columns, row));
        }
        rows = List.copyOf(checked);
    }

    private static List<Object> check(String title, List<Column> columns, List<Object> row) {
        if (row.size() != columns.size()) {
            throw new InvalidPanelException("Table '" + title + "' has " + columns.size() + " columns, a row has "
                    + row.size() + " entries: " + row);
        }
        List<Object> checked = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Column column = columns.get(i);
            checked.add(column.type().accept(column, row.get(i)));
        }
        return List.copyOf(checked);
    }
}
