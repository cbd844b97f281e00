package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/**
 * Moves a norm into the matrix before or behind it, so that products of weights see what the running model sees up to the
 * norm's denominator. A norm without a gain (one that was folded already) only centres, which may be done twice.
 *
 * @param centre whether norms take the mean away, as LayerNorm does
 */
record NormFold(boolean centre) {
    static NormFold of(NormSpec norm) {
        return new NormFold(norm.kind() == NormSpec.Kind.LAYER);
    }

    /** Of a matrix {@code [out, d_model]} that reads what the norm gives: {@code (W diag gain) C}. */
    Matrix intoReader(Rows reader, @Nullable NormWeights norm) {
        if (norm == null) {
            return reader.matrix();
        }
        reader.timesColumns(gain(norm));
        return (centre ? reader.centreRows() : reader).matrix();
    }

    /** Of a matrix {@code [d_model, in]} that writes what the norm takes: {@code diag gain C W}. */
    Matrix intoWriter(Rows writer, @Nullable NormWeights norm) {
        if (norm == null) {
            return writer.matrix();
        }
        Rows turned = Rows.of(writer.matrix().transpose());
        return (centre ? turned.centreRows() : turned)
                .timesColumns(gain(norm))
                .matrix()
                .transpose();
    }

    private static float @Nullable [] gain(NormWeights norm) {
        NDArray weight = norm.weight();
        return weight == null ? null : weight.toFloatArray();
    }
}
