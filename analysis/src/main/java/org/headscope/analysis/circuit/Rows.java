package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.headscope.analysis.linalg.Matrix;
import org.jspecify.annotations.Nullable;

/** Numbers of a weight in double precision, as rows that can be scaled and centred. */
final class Rows {
    private final int count;
    private final int width;
    private final double[] values;

    private Rows(int count, int width, double[] values) {
        this.count = count;
        this.width = width;
        this.values = values;
    }

    static Rows of(Matrix matrix) {
        return new Rows(matrix.rows(), matrix.columns(), matrix.toArray());
    }

    /** Rows {@code from <= row < to} of a weight {@code [rows, width]}. */
    static Rows of(NDArray weight, int from, int to) {
        try (NDArray part = weight.get(new NDIndex("{}:{}", from, to))) {
            return of(Matrix.of(to - from, Math.toIntExact(weight.getShape().get(1)), part.toFloatArray()));
        }
    }

    /** Columns {@code from <= column < to}. */
    Rows columns(int from, int to) {
        double[] cut = new double[count * (to - from)];
        for (int row = 0; row < count; row++) {
            System.arraycopy(values, row * width + from, cut, row * (to - from), to - from);
        }
        return new Rows(count, to - from, cut);
    }

    /** Multiplies every column by its own number; null stands for ones. */
    Rows timesColumns(float @Nullable [] gain) {
        if (gain != null) {
            for (int i = 0; i < values.length; i++) {
                values[i] *= gain[i % width];
            }
        }
        return this;
    }

    /** Multiplies every row by its own number; null stands for ones. */
    Rows timesRows(float @Nullable [] gain) {
        if (gain != null) {
            for (int i = 0; i < values.length; i++) {
                values[i] *= gain[i / width];
            }
        }
        return this;
    }

    /** Takes the mean of every row away. */
    Rows centreRows() {
        for (int row = 0; row < count; row++) {
            double mean = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                mean += values[i] / width;
            }
            for (int i = row * width; i < (row + 1) * width; i++) {
                values[i] -= mean;
            }
        }
        return this;
    }

    Matrix matrix() {
        return Matrix.of(count, width, values);
    }
}
