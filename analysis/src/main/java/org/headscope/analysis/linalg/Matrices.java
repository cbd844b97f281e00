package org.headscope.analysis.linalg;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dgeev;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgelsd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgesdd;
import static org.bytedeco.openblas.global.openblas.LAPACK_ROW_MAJOR;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products and decompositions, in double precision.
 *
 * <p>Products run on ND4J. Decompositions call the LAPACK inside the OpenBLAS that ND4J ships, since ND4J's own
 * operations are hundreds of times slower or incomplete; see docs/decisions on linear algebra.
 */
public final class Matrices {
    private static final byte NO = 'N';
    private static final byte THIN = 'S';

    private Matrices() {}

    /**
     * Multiplies.
     *
     * @param a {@code [m, k]}
     * @param b {@code [k, n]}
     * @return {@code [m, n]}
     * @throws LinalgException when the inner sizes differ
     */
    public static Matrix multiply(Matrix a, Matrix b) {
        if (a.columns() != b.rows()) {
            throw new LinalgException("Cannot multiply " + a.size() + " by " + b.size()
                    + ": columns of the first must equal rows of the second.");
        }
        try (INDArray left = array(a);
                INDArray right = array(b);
                INDArray product = left.mmul(right);
                INDArray rowOrder = product.dup('c')) {
            return Matrix.adopt(a.rows(), b.columns(), rowOrder.data().asDouble());
        }
    }

    private static INDArray array(Matrix matrix) {
        return Nd4j.create(matrix.raw(), new long[] {matrix.rows(), matrix.columns()}, 'c');
    }

    /**
     * Decomposes into singular values and vectors.
     *
     * @param a {@code [m, n]}, finite
     * @return the thin decomposition
     * @throws LinalgException when the matrix holds NaN or the iteration does not converge
     */
    public static Svd svd(Matrix a) {
        requireFinite("SVD", a);
        int m = a.rows();
        int n = a.columns();
        int k = Math.min(m, n);
        double[] s = new double[k];
        double[] u = new double[m * k];
        double[] vt = new double[k * n];
        int info = LAPACKE_dgesdd(LAPACK_ROW_MAJOR, THIN, m, n, a.toArray(), n, s, u, k, vt, n);
        requireDone("SVD", a, info);
        return new Svd(Matrix.adopt(m, k, u), list(s), Matrix.adopt(k, n, vt));
    }

    /**
     * Singular values alone, which is cheaper.
     *
     * @param a {@code [m, n]}, finite
     * @return largest first, {@code [min(m, n)]}
     * @throws LinalgException when the matrix holds NaN or the iteration does not converge
     */
    public static List<Double> singularValues(Matrix a) {
        requireFinite("SVD", a);
        double[] s = new double[Math.min(a.rows(), a.columns())];
        double[] none = new double[1];
        int info = LAPACKE_dgesdd(
                LAPACK_ROW_MAJOR, NO, a.rows(), a.columns(), a.toArray(), a.columns(), s, none, 1, none, a.columns());
        requireDone("SVD", a, info);
        return list(s);
    }

    /**
     * Eigenvalues of a square matrix that need not be symmetric.
     *
     * @param a {@code [n, n]}, finite
     * @return with multiplicity, largest absolute value first; of a conjugate pair the one above the real axis first
     * @throws LinalgException when the matrix is not square, holds NaN, or the iteration does not converge
     */
    public static List<Complex> eigenvalues(Matrix a) {
        requireFinite("Eigenvalues", a);
        int n = a.rows();
        if (n != a.columns()) {
            throw new LinalgException("Eigenvalues need a square matrix, got " + a.size() + ".");
        }
        double[] real = new double[n];
        double[] imaginary = new double[n];
        double[] none = new double[1];
        // LAPACKE insists on n as leading dimension in row order only when vectors are wanted.
        int info = LAPACKE_dgeev(LAPACK_ROW_MAJOR, NO, NO, n, a.toArray(), n, real, imaginary, none, n, none, n);
        requireDone("Eigenvalues", a, info);
        List<Complex> values = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            values.add(new Complex(real[i], imaginary[i]));
        }
        values.sort(Comparator.comparingDouble(Complex::abs)
                .thenComparingDouble(Complex::real)
                .thenComparingDouble(Complex::imaginary)
                .reversed());
        return List.copyOf(values);
    }

    /**
     * Solves {@code min ||A X - B||} column by column; where columns of A depend on each other, the smallest X.
     *
     * @param a {@code [m, n]}, finite
     * @param b {@code [m, r]}, finite
     * @return {@code X [n, r]}
     * @throws LinalgException when row counts differ, a matrix holds NaN, or the iteration does not converge
     */
    public static Matrix leastSquares(Matrix a, Matrix b) {
        requireFinite("Least squares", a);
        requireFinite("Least squares", b);
        if (a.rows() != b.rows()) {
            throw new LinalgException(
                    "Least squares of " + a.size() + " and " + b.size() + ": both need the same number of rows.");
        }
        int n = a.columns();
        int r = b.columns();
        // LAPACK writes the solution over B, which therefore needs room for n rows.
        double[] x = Arrays.copyOf(b.raw(), Math.max(a.rows(), n) * r);
        double[] s = new double[Math.min(a.rows(), n)];
        double machinePrecision = -1;
        int info =
                LAPACKE_dgelsd(LAPACK_ROW_MAJOR, a.rows(), n, r, a.toArray(), n, x, r, s, machinePrecision, new int[1]);
        requireDone("Least squares", a, info);
        return Matrix.adopt(n, r, Arrays.copyOf(x, n * r));
    }

    /**
     * Frobenius norm.
     *
     * @param a any matrix
     * @return square root of the sum of squares
     */
    public static double frobenius(Matrix a) {
        double largest = Arrays.stream(a.raw()).map(Math::abs).max().orElse(0);
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        // Scaled, so that squares neither overflow nor vanish.
        return largest
                * Math.sqrt(Arrays.stream(a.raw())
                        .map(v -> v / largest * (v / largest))
                        .sum());
    }

    /**
     * Effective rank after Roy and Vetterli (2007): the exponential of the entropy of the normalised singular values.
     *
     * @param a {@code [m, n]}, finite
     * @return between 1 and {@code min(m, n)}; 0 for a matrix of zeros
     * @throws LinalgException when the matrix holds NaN or the iteration does not converge
     */
    public static double effectiveRank(Matrix a) {
        List<Double> s = singularValues(a);
        double sum = s.stream().mapToDouble(Double::doubleValue).sum();
        if (sum == 0) {
            return 0;
        }
        double entropy = s.stream()
                .mapToDouble(v -> v / sum)
                .filter(p -> p > 0)
                .map(p -> -p * Math.log(p))
                .sum();
        return Math.exp(entropy);
    }

    private static void requireFinite(String operation, Matrix a) {
        if (!a.isFinite()) {
            throw new LinalgException(operation + ": the " + a.size()
                    + " matrix holds NaN or infinity. Check the weights or activations it was made from.");
        }
    }

    private static void requireDone(String operation, Matrix a, int info) {
        if (info != 0) {
            throw new LinalgException(
                    operation + " of a " + a.size() + " matrix did not converge (LAPACK code " + info + ").");
        }
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
