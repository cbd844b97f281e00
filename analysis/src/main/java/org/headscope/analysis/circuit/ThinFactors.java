package org.headscope.analysis.circuit;

import java.util.List;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.linalg.Svd;

/** Products of two thin matrices, without making what they multiply to. */
final class ThinFactors {
    private ThinFactors() {}

    /**
     * A small matrix that can stand for a wide one in front of anything, as far as Frobenius norms go: {@code ||A^T X|| =
     * ||R X||} for every X, because {@code A^T = V (S U^T)} with orthonormal V.
     *
     * @param wide {@code A [d_head, d_model]}
     * @return {@code R [d_head, d_head]}
     */
    static Matrix core(Matrix wide) {
        Svd svd = Matrices.svd(wide);
        List<Double> s = svd.s();
        Matrix ut = svd.u().transpose();
        double[] values = ut.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] *= s.get(i / ut.columns());
        }
        return Matrix.of(ut.rows(), ut.columns(), values);
    }

    /** {@code [rows, columns]} of all matrices, one below the other. */
    static Matrix stack(List<Matrix> parts) {
        int rows = parts.stream().mapToInt(Matrix::rows).sum();
        double[] values = new double[rows * parts.get(0).columns()];
        int at = 0;
        for (Matrix part : parts) {
            double[] own = part.toArray();
            System.arraycopy(own, 0, values, at, own.length);
            at += own.length;
        }
        return Matrix.of(rows, parts.get(0).columns(), values);
    }
}
