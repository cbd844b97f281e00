package org.headscope.analysis.choice;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.linalg.Svd;

/**
 * A few directions around a mean, onto which vectors are projected: {@code mean + P (x - mean)}.
 *
 * @param mean {@code [width]}
 * @param basis orthonormal rows, {@code [rank][width]}
 * @param kept share of the variance of the sample that the directions hold
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record Subspace(double[] mean, double[][] basis, double kept) {
    /** The leading directions of a centred sample; fewer where the sample spans fewer. */
    static Subspace leading(List<double[]> sample, int rank) {
        double[] mean = mean(sample);
        double[][] centred = new double[sample.size()][];
        Arrays.setAll(centred, i -> minus(sample.get(i), mean));
        Svd svd = Matrices.svd(Matrix.of(centred));
        double all = svd.s().stream().mapToDouble(s -> s * s).sum();
        double top = svd.s().stream().limit(rank).mapToDouble(s -> s * s).sum();
        int taken = Math.min(rank, svd.s().size());
        return new Subspace(mean, rows(svd.vt(), taken), all == 0 ? 1 : top / all);
    }

    /** As many random directions around the same mean. */
    Subspace random(Random random) {
        double[] gaussian = new double[basis.length * mean.length];
        Arrays.setAll(gaussian, i -> random.nextGaussian());
        Svd svd = Matrices.svd(Matrix.of(basis.length, mean.length, gaussian));
        return new Subspace(mean, rows(svd.vt(), basis.length), Double.NaN);
    }

    private static double[][] rows(Matrix matrix, int count) {
        double[][] rows = new double[count][matrix.columns()];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                rows[i][j] = matrix.at(i, j);
            }
        }
        return rows;
    }

    private static double[] mean(List<double[]> sample) {
        double[] mean = new double[sample.get(0).length];
        for (double[] one : sample) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += one[i] / sample.size();
            }
        }
        return mean;
    }

    private static double[] minus(double[] x, double[] mean) {
        double[] difference = x.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= mean[i];
        }
        return difference;
    }

    /** Projects the vector that begins at {@code from}, in place. */
    void project(float[] values, int from) {
        double[] centred = new double[mean.length];
        for (int i = 0; i < centred.length; i++) {
            centred[i] = values[from + i] - mean[i];
        }
        double[] projected = mean.clone();
        for (double[] direction : basis) {
            double along = 0;
            for (int i = 0; i < centred.length; i++) {
                along += direction[i] * centred[i];
            }
            for (int i = 0; i < projected.length; i++) {
                projected[i] += along * direction[i];
            }
        }
        for (int i = 0; i < projected.length; i++) {
            values[from + i] = (float) projected[i];
        }
    }
}
