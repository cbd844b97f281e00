package org.headscope.analysis.circuit;

import java.util.List;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.linalg.Svd;

/**
 * Singular values and directions of what a head writes for what it reads, {@code W_V W_O}, through its thin factors.
 *
 * @param values largest first, {@code [d_head]}
 * @param writes the directions written, as rows, {@code [d_head, d_model]}
 * @param reads the directions read, as rows, {@code [d_head, d_model]}
 */
record OvSpectrum(List<Double> values, Matrix writes, Matrix reads) {
    static OvSpectrum of(HeadFactors head) {
        Svd reading = Matrices.svd(head.v());
        // V = U S Vt, so that O V = (O U S) Vt, and Vt has orthonormal rows.
        Matrix core = ThinFactors.core(head.v()).transpose();
        Svd writing = Matrices.svd(Matrices.multiply(head.o(), core));
        Matrix reads = Matrices.multiply(writing.vt(), reading.vt());
        return new OvSpectrum(writing.s(), writing.u().transpose(), reads);
    }

    /** Exponential of the entropy of the normalised singular values; NaN for a head that writes nothing. */
    double effectiveRank() {
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        double entropy = values.stream()
                .mapToDouble(value -> value / sum)
                .filter(share -> share > 0)
                .map(share -> -share * Math.log(share))
                .sum();
        return sum == 0 ? Double.NaN : Math.exp(entropy);
    }
}
