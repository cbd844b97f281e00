package org.headscope.analysis.circuit;

import java.util.List;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.linalg.Svd;

/**
 * Singular values and directions of a matrix that acts on the residual stream, {@code M = sum_i left_i value_i right_i}.
 *
 * @param values largest first, {@code [k]}
 * @param left directions of the rows of {@code M}, as rows, {@code [k, ..]}
 * @param right directions of its columns, as rows, {@code [k, ..]}
 */
record CircuitSpectrum(List<Double> values, Matrix left, Matrix right) {
    /** What a head writes ({@code left}) for what it reads ({@code right}). */
    static CircuitSpectrum ov(HeadFactors head) {
        return ofProduct(head.o(), head.v());
    }

    /** What a head's queries ({@code left}) look for in keys ({@code right}). */
    static CircuitSpectrum qk(HeadFactors head) {
        return ofProduct(head.q().transpose(), head.k());
    }

    /** Of a whole matrix. */
    static CircuitSpectrum of(Matrix whole) {
        Svd svd = Matrices.svd(whole);
        return new CircuitSpectrum(svd.s(), svd.u().transpose(), svd.vt());
    }

    /** Of {@code tall [d_model, d_head]} times {@code wide [d_head, d_model]}, without making the product. */
    private static CircuitSpectrum ofProduct(Matrix tall, Matrix wide) {
        Svd reading = Matrices.svd(wide);
        // W = U S Vt, so that T W = (T U S) Vt, and Vt has orthonormal rows.
        Matrix core = ThinFactors.core(wide).transpose();
        Svd writing = Matrices.svd(Matrices.multiply(tall, core));
        Matrix right = Matrices.multiply(writing.vt(), reading.vt());
        return new CircuitSpectrum(writing.s(), writing.u().transpose(), right);
    }

    /** Exponential of the entropy of the normalised singular values; NaN for a matrix of zeros. */
    double effectiveRank() {
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        double entropy = values.stream()
                .mapToDouble(value -> value / sum)
                .filter(share -> share > 0)
                .map(share -> -share * Math.log(share))
                .sum();
        return sum == 0 ? Double.NaN : Math.exp(entropy);
    }

    /** Share of the sum of squares that the first {@code count} singular values hold; NaN for a matrix of zeros. */
    double energy(int count) {
        double all = values.stream().mapToDouble(value -> value * value).sum();
        double top =
                values.stream().limit(count).mapToDouble(value -> value * value).sum();
        return all == 0 ? Double.NaN : top / all;
    }
}
