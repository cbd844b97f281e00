package org.headscope.analysis.linalg;

import java.util.List;

/**
 * Thin singular value decomposition {@code A = U diag(s) Vt} of an {@code m x n} matrix, with {@code k = min(m, n)}.
 *
 * @param u left singular vectors as columns, {@code [m, k]}
 * @param s singular values, largest first, {@code [k]}
 * @param vt right singular vectors as rows, {@code [k, n]}
 */
public record Svd(Matrix u, List<Double> s, Matrix vt) {
    /** Copies the values. */
    public Svd {
        s = List.copyOf(s);
    }
}
