package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/**
 * Gives every head its own copy of the residual stream for its queries, keys and values. It costs as many norms and
 * matrix products as there are heads, so it happens only when somebody looks at these copies.
 */
final class SplitInputs {
    private final Dims dims;
    private final Norms norms;
    private final @Nullable NormWeights norm;

    SplitInputs(Dims dims, Norms norms, @Nullable NormWeights norm) {
        this.dims = dims;
        this.norms = norms;
        this.norm = norm;
    }

    Attention.Qkv qkv(BlockInput in, AttentionWeights weights, RunScope scope) {
        NDArray x = in.residPre();
        NDArray rows = in.queryFrom() == 0 ? x : Alias.rows(x, in.queryFrom(), in.rows(), x.getManager());
        boolean shared = scope.bus().wants(SiteKind.ATTN_IN, in.layer());
        NDArray all = shared ? scope.visit(SiteKind.ATTN_IN, in.layer(), copies(x, dims.heads()), in.first()) : null;
        NDArray forQ =
                all == null ? copies(rows, dims.heads()) : Alias.rows(all, in.queryFrom(), in.rows(), x.getManager());
        NDArray forK = all == null ? copies(x, dims.kvHeads()) : all;
        NDArray forV = all == null ? copies(x, dims.kvHeads()) : all;
        NDArray q =
                project(scope.visit(SiteKind.Q_INPUT, in.layer(), forQ, in.firstQuery()), weights.q(), dims.heads());
        NDArray k = project(scope.visit(SiteKind.K_INPUT, in.layer(), forK, in.first()), weights.k(), dims.kvHeads());
        NDArray v = project(scope.visit(SiteKind.V_INPUT, in.layer(), forV, in.first()), weights.v(), dims.kvHeads());
        return new Attention.Qkv(q, k, v);
    }

    private NDArray project(NDArray input, Linear linear, int heads) {
        return Projections.perHeadIn(norm == null ? input : norms.plain(input, norm), linear, heads);
    }

    private static NDArray copies(NDArray x, int heads) {
        Shape s = x.getShape();
        return x.expandDims(2).broadcast(new Shape(s.get(0), s.get(1), heads, s.get(2)));
    }
}
