package org.headscope.analysis.linalg;

import java.util.Arrays;

/** Immutable matrix of doubles, stored row by row. */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final double[] values;

    private Matrix(int rows, int columns, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /**
     * A matrix from numbers in row order.
     *
     * @param rows number of rows, at least 1
     * @param columns number of columns, at least 1
     * @param values {@code rows * columns} numbers; copied
     * @return the matrix
     * @throws LinalgException when the count does not fit
     */
    public static Matrix of(int rows, int columns, double[] values) {
        requireCount(rows, columns, values.length);
        return new Matrix(rows, columns, values.clone());
    }

    /**
     * A matrix from 32-bit numbers in row order, as weights come.
     *
     * @param rows number of rows, at least 1
     * @param columns number of columns, at least 1
     * @param values {@code rows * columns} numbers
     * @return the matrix
     * @throws LinalgException when the count does not fit
     */
    public static Matrix of(int rows, int columns, float[] values) {
        requireCount(rows, columns, values.length);
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return new Matrix(rows, columns, wide);
    }

    /**
     * A matrix from its rows.
     *
     * @param rows {@code [row, column]}, all of one length
     * @return the matrix
     * @throws LinalgException when rows differ in length or there is none
     */
    public static Matrix of(double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        double[] flat = new double[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw new LinalgException("Row " + i + " has " + rows[i].length + " numbers, row 0 has " + columns
                        + ": all rows must have one length.");
            }
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        requireCount(rows.length, columns, flat.length);
        return new Matrix(rows.length, columns, flat);
    }

    private static void requireCount(int rows, int columns, int count) {
        if (rows < 1 || columns < 1 || (long) rows * columns != count) {
            throw new LinalgException(count + " numbers do not make a " + rows + " x " + columns + " matrix.");
        }
    }

    static Matrix adopt(int rows, int columns, double[] values) {
        return new Matrix(rows, columns, values);
    }

    /** {@return number of rows} */
    public int rows() {
        return rows;
    }

    /** {@return number of columns} */
    public int columns() {
        return columns;
    }

    /**
     * Reads one number.
     *
     * @param row {@code 0 <= row < rows}
     * @param column {@code 0 <= column < columns}
     * @return the number
     * @throws LinalgException when there is no such place
     */
    public double at(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new LinalgException(
                    "(" + row + ", " + column + ") lies outside a " + rows + " x " + columns + " matrix.");
        }
        return values[row * columns + column];
    }

    /** {@return a copy of all numbers in row order} */
    public double[] toArray() {
        return values.clone();
    }

    /** {@return the transpose} */
    public Matrix transpose() {
        double[] turned = new double[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j * rows + i] = values[i * columns + j];
            }
        }
        return new Matrix(columns, rows, turned);
    }

    /**
     * Subtracts number by number.
     *
     * @param other a matrix of the same size
     * @return this minus other
     * @throws LinalgException when the sizes differ
     */
    public Matrix minus(Matrix other) {
        if (rows != other.rows || columns != other.columns) {
            throw new LinalgException("Cannot subtract " + other.size() + " from " + size() + ".");
        }
        double[] difference = new double[values.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = values[i] - other.values[i];
        }
        return new Matrix(rows, columns, difference);
    }

    /** {@return whether no number is NaN or infinite} */
    public boolean isFinite() {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    String size() {
        return rows + " x " + columns;
    }

    double[] raw() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matrix m && columns == m.columns && Arrays.equals(values, m.values);
    }

    @Override
    public int hashCode() {
        return 31 * columns + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Matrix " + size();
    }
}
