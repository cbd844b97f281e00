package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.MlpWeights;

/** The MLP of a block with its hook sites. */
final class Mlp {
    private final Activation activation;

    Mlp(Activation activation) {
        this.activation = activation;
    }

    /** {@code x [batch, pos, d_model]}, already normalised, to what the MLP writes, of the same shape. */
    NDArray apply(NDArray x, MlpWeights weights, int layer, int first, RunScope scope) {
        NDArray post = weights instanceof MlpWeights.Gated gated
                ? gated(x, gated, layer, first, scope)
                : plain(x, (MlpWeights.Plain) weights, layer, first, scope);
        return weights.out().apply(scope.visit(SiteKind.MLP_POST, layer, post, first));
    }

    private NDArray plain(NDArray x, MlpWeights.Plain weights, int layer, int first, RunScope scope) {
        NDArray pre = scope.visit(SiteKind.MLP_PRE, layer, weights.in().apply(x), first);
        return Activations.apply(activation, pre, scope);
    }

    private NDArray gated(NDArray x, MlpWeights.Gated weights, int layer, int first, RunScope scope) {
        NDArray gate = scope.visit(SiteKind.MLP_PRE, layer, weights.gate().apply(x), first);
        NDArray up = scope.visit(SiteKind.MLP_PRE_LINEAR, layer, weights.in().apply(x), first);
        return Activations.apply(activation, gate, scope).mul(up);
    }
}
