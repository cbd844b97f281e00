package org.headscope.analysis.recall;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;

/**
 * Ridge regression of vectors on vectors with one scalar weight per regressor and a shared vector bias:
 * {@code m_i ~ sum_h w_h r_hi + b}. The bias is not penalised. Products of every pair of regressors are made once per case, so
 * that cases can be resampled cheaply.
 */
final class VectorRegression {
    private final float[][] regressors;
    private final float[] target;
    private final int width;
    private final double[][] products;
    private final double[][] withTarget;

    /** {@code regressors [regressor][case * width]}, {@code target [case * width]}. */
    VectorRegression(float[][] regressors, float[] target, int width) {
        this.regressors = regressors;
        this.target = target;
        this.width = width;
        int cases = target.length / width;
        this.products = new double[cases][];
        this.withTarget = new double[cases][];
        for (int i = 0; i < cases; i++) {
            Matrix rows = rows(i);
            products[i] = Matrices.multiply(rows, rows.transpose()).toArray();
            Matrix aim = Matrix.of(width, 1, doubles(target, i));
            withTarget[i] = Matrices.multiply(rows, aim).toArray();
        }
    }

    private Matrix rows(int index) {
        double[] values = new double[regressors.length * width];
        for (int h = 0; h < regressors.length; h++) {
            System.arraycopy(doubles(regressors[h], index), 0, values, h * width, width);
        }
        return Matrix.of(regressors.length, width, values);
    }

    private double[] doubles(float[] values, int index) {
        return IntStream.range(index * width, (index + 1) * width)
                .mapToDouble(i -> values[i])
                .toArray();
    }

    int cases() {
        return target.length / width;
    }

    /**
     * What was fitted.
     *
     * @param weights one per regressor
     * @param bias {@code [width]}
     * @param mean of the target over the cases that were fitted, {@code [width]}
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Fit(double[] weights, double[] bias, double[] mean) {
        /** What is left of a target, {@code [width]}. */
        double[] residual(float[][] regressors, float[] target, int index) {
            int width = bias.length;
            double[] left = new double[width];
            for (int d = 0; d < width; d++) {
                left[d] = target[index * width + d] - bias[d];
                for (int h = 0; h < weights.length; h++) {
                    left[d] -= weights[h] * regressors[h][index * width + d];
                }
            }
            return left;
        }

        /** Share of the squared distances from {@link #mean} that is explained; below 0 when the mean does better; NaN when nothing varies. */
        double explained(float[][] regressors, float[] target) {
            int width = bias.length;
            double unexplained = 0;
            double all = 0;
            for (int i = 0; i < target.length / width; i++) {
                double[] left = residual(regressors, target, i);
                for (int d = 0; d < width; d++) {
                    unexplained += left[d] * left[d];
                    double away = target[i * width + d] - mean[d];
                    all += away * away;
                }
            }
            return all == 0 ? Double.NaN : 1 - unexplained / all;
        }
    }

    /** Fits all cases. */
    Fit fit(double ridge) {
        return fit(IntStream.range(0, cases()).toArray(), ridge);
    }

    /**
     * Fits some cases, also several times the same.
     *
     * @param which indices of cases
     * @param ridge penalty on squared weights, as a share of the mean squared length of a centred regressor
     */
    Fit fit(int[] which, double ridge) {
        int n = regressors.length;
        double[][] means = new double[n][];
        for (int h = 0; h < n; h++) {
            means[h] = mean(regressors[h], which);
        }
        double[] aim = mean(target, which);
        double[] a = sum(products, which, n * n);
        double[] c = sum(withTarget, which, n);
        double trace = 0;
        for (int h = 0; h < n; h++) {
            for (int k = 0; k < n; k++) {
                a[h * n + k] -= which.length * dot(means[h], means[k]);
            }
            c[h] -= which.length * dot(means[h], aim);
            trace += a[h * n + h];
        }
        for (int h = 0; h < n; h++) {
            a[h * n + h] += ridge * trace / n;
        }
        double[] weights =
                Matrices.leastSquares(Matrix.of(n, n, a), Matrix.of(n, 1, c)).toArray();
        double[] bias = aim.clone();
        for (int h = 0; h < n; h++) {
            for (int d = 0; d < width; d++) {
                bias[d] -= weights[h] * means[h][d];
            }
        }
        return new Fit(weights, bias, aim);
    }

    private double[] mean(float[] values, int[] which) {
        double[] mean = new double[width];
        for (int i : which) {
            for (int d = 0; d < width; d++) {
                mean[d] += values[i * width + d];
            }
        }
        return Arrays.stream(mean).map(sum -> sum / which.length).toArray();
    }

    private static double[] sum(double[][] parts, int[] which, int size) {
        double[] sum = new double[size];
        for (int i : which) {
            for (int k = 0; k < size; k++) {
                sum[k] += parts[i][k];
            }
        }
        return sum;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int d = 0; d < x.length; d++) {
            sum += x[d] * y[d];
        }
        return sum;
    }
}
