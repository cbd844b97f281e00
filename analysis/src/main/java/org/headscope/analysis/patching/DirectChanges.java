package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/** Queries, keys or values of later layers as they would be if one head had written what it wrote on the other prompt. */
final class DirectChanges {
    private final HookedTransformer model;
    private final SiteKind kind;
    private final ActivationCache clean;
    private final ActivationCache corrupt;

    /**
     * @param model the model
     * @param kind queries, keys or values
     * @param clean results of heads
     * @param corrupt the same, with denominators of norms and what the change is added to
     */
    DirectChanges(HookedTransformer model, SiteKind kind, ActivationCache clean, ActivationCache corrupt) {
        this.model = model;
        this.kind = kind;
        this.clean = clean;
        this.corrupt = corrupt;
    }

    /** For all later layers, {@code [batch, pos, head, d_head]} each; owned by {@code owner}. */
    ActivationCache from(int layer, int head, NDManager owner) {
        ActivationCache changed = new ActivationCache(owner.newSubManager());
        try (NDManager temporary = owner.newSubManager()) {
            HookSite result = HookSite.of(SiteKind.RESULT, layer);
            NDArray written = Alias.of(clean.get(result), temporary).sub(corrupt.get(result));
            NDArray change = written.get(new NDIndex().addAllDim().addAllDim().addIndices(head));
            for (int to = layer + 1; to < model.config().dims().layers(); to++) {
                HookSite site = HookSite.of(kind, to);
                NDArray old = Alias.of(corrupt.get(site), temporary);
                NDArray read = reader(to).apply(normed(change, to)).reshape(old.getShape());
                changed.put(site, old.add(read));
            }
        }
        return changed;
    }

    /** The norm as a linear map: its denominator is that of the corrupt run. */
    private NDArray normed(NDArray change, int layer) {
        NormWeights norm = model.weights().blocks().get(layer).norms().ln1();
        HookSite scale = HookSite.of(SiteKind.LN1_SCALE, layer);
        if (norm == null || !corrupt.has(scale)) {
            return change;
        }
        boolean centre = model.config().block().norm().kind() == NormSpec.Kind.LAYER;
        NDArray centred = centre ? change.sub(change.mean(new int[] {2}, true)) : change;
        NDArray divided = centred.div(corrupt.get(scale));
        @Nullable NDArray gain = norm.weight();
        return gain == null ? divided : divided.mul(gain);
    }

    /** The projection without its bias: a change has none. */
    private Linear reader(int layer) {
        AttentionWeights weights = model.weights().blocks().get(layer).attention();
        Linear linear =
                switch (kind) {
                    case Q -> weights.q();
                    case K -> weights.k();
                    default -> weights.v();
                };
        return new Linear(linear.weight(), null);
    }
}
