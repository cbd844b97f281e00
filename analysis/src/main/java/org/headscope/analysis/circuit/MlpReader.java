package org.headscope.analysis.circuit;

import org.headscope.analysis.linalg.Matrix;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;

/** The matrices of an MLP with the norms around it folded in. */
record MlpReader(HookedTransformer model) {
    /** {@code [d_mlp, d_model]}, or {@code [d_model, d_mlp]} for the matrix that writes. */
    Matrix matrix(SvdMatrix which, int layer) {
        BlockWeights block = model.weights().blocks().get(layer);
        MlpWeights mlp = block.mlp();
        if (mlp == null) {
            throw new HeadscopeException("This model has no MLPs. Read ov or qk.");
        }
        NormFold fold = NormFold.of(model.config().block().norm());
        int hidden = Math.toIntExact(mlp.out().in());
        if (which == SvdMatrix.MLP_OUT) {
            Rows rows = Rows.of(mlp.out().weight(), 0, model.config().dims().dModel());
            return fold.intoWriter(rows, block.norms().ln2Post());
        }
        Linear reading = mlp instanceof MlpWeights.Gated gated
                ? (which == SvdMatrix.MLP_GATE ? gated.gate() : gated.in())
                : plain((MlpWeights.Plain) mlp, which);
        return fold.intoReader(
                Rows.of(reading.weight(), 0, hidden), block.norms().ln2());
    }

    private static Linear plain(MlpWeights.Plain mlp, SvdMatrix which) {
        if (which == SvdMatrix.MLP_GATE) {
            throw new HeadscopeException("The MLPs of this model have no gate. Read mlp-in.");
        }
        return mlp.in();
    }
}
