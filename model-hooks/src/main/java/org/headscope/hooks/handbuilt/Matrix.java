package org.headscope.hooks.handbuilt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** A matrix that is filled by hand, zero at first. A part of one shares its numbers. */
final class Matrix {
    private final float[] values;
    private final int columns;
    private final int firstRow;
    private final int firstColumn;

    Matrix(int rows, int columns) {
        this(new float[rows * columns], columns, 0, 0);
    }

    private Matrix(float[] values, int columns, int firstRow, int firstColumn) {
        this.values = values;
        this.columns = columns;
        this.firstRow = firstRow;
        this.firstColumn = firstColumn;
    }

    /** The part that starts at a row and a column of this one. */
    Matrix from(int row, int column) {
        return new Matrix(values, columns, firstRow + row, firstColumn + column);
    }

    Matrix set(int row, int column, double value) {
        values[(firstRow + row) * columns + firstColumn + column] = (float) value;
        return this;
    }

    /** Sets {@code count} numbers down a diagonal that starts at a row and a column. */
    Matrix diagonal(int row, int column, int count, double value) {
        for (int i = 0; i < count; i++) {
            set(row + i, column + i, value);
        }
        return this;
    }

    /** Sets {@code count} numbers along a row. */
    Matrix across(int row, int column, int count, double value) {
        for (int i = 0; i < count; i++) {
            set(row, column + i, value);
        }
        return this;
    }

    /** Tells whether nothing was set, also outside a part. */
    boolean isZero() {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** Copies all numbers, also those outside a part, into native memory. */
    NDArray in(NDManager manager) {
        return manager.create(values, new Shape(values.length / columns, columns));
    }

    /** The same as one row of numbers. */
    NDArray flatIn(NDManager manager) {
        return manager.create(values, new Shape(values.length));
    }
}
