package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.NormWeights;
import org.headscope.hooks.weights.UnembedWeights;

/** From the last residual stream to logits. */
final class Unembedding {
    private final ModelConfig config;
    private final UnembedWeights weights;
    private final Norms norms;

    Unembedding(ModelConfig config, UnembedWeights weights, Norms norms) {
        this.config = config;
        this.weights = weights;
        this.norms = norms;
    }

    /** {@code x [batch, pos, d_model]} to logits {@code [batch, pos, columns]}, owned by the manager of the run. */
    NDArray apply(NDArray x, int first, Linear columns, RunScope scope) {
        try (RunScope.Temporary step = scope.temporary()) {
            NDManager temporary = step.manager();
            NDArray y = normed(Alias.of(x, temporary), first, scope);
            y = weights.project() == null ? y : weights.project().apply(y);
            y = weights.dense() == null
                    ? y
                    : Activations.apply(
                            config.mlp().activation(), weights.dense().apply(y), scope);
            y = weights.denseNorm() == null ? y : norms.plain(y, weights.denseNorm());
            NDArray logits = columns.apply(y);
            Double cap = config.unembed().softcap();
            logits = cap == null ? logits : Activations.softcap(logits, cap);
            logits.attach(scope.manager());
            return logits;
        }
    }

    private NDArray normed(NDArray x, int first, RunScope scope) {
        NormWeights norm = weights.finalNorm();
        var place = new Norms.Place(SiteKind.LN_FINAL_SCALE, SiteKind.LN_FINAL_NORMALIZED, -1, first);
        return norm == null ? x : norms.apply(x, norm, place, scope);
    }
}
