package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/**
 * One block of a transformer. It can be run whole, or entered behind the attention heads or behind attention, which is
 * what lets a sweep start at the first activation that changed.
 */
public final class Block {
    private final Dims dims;
    private final Arrangement arrangement;
    private final BlockWeights weights;
    private final int layer;
    private final Parts parts;

    Block(ModelConfig config, BlockWeights weights, int layer, Parts parts) {
        this.dims = config.dims();
        this.arrangement = config.block().arrangement();
        this.weights = weights;
        this.layer = layer;
        this.parts = parts;
    }

    /** The stateless machinery that all blocks share. */
    record Parts(Norms norms, Attention attention, Mlp mlp) {}

    /**
     * What a block leaves behind; both belong to the manager of the run.
     *
     * @param resid residual stream {@code [batch, queries, d_model]}
     * @param keyValues keys and values from position 0 on
     */
    public record Output(NDArray resid, KeyValues keyValues) {}

    /**
     * Runs the whole block.
     *
     * @param input where to start
     * @param scope the run
     * @return the residual stream after the block, with keys and values
     */
    public Output run(BlockInput input, RunScope scope) {
        try (RunScope.Temporary step = scope.temporary()) {
            NDManager temporary = step.manager();
            NDArray x = scope.visit(SiteKind.RESID_PRE, layer, Alias.of(input.residPre(), temporary), input.first());
            BlockInput in = input.with(x);
            Attention.Heads heads = parts.attention.heads(qkv(in, scope), in, weights.attention(), scope);
            NDArray rows = in.queryFrom() == 0 ? x : Alias.rows(x, in.queryFrom(), in.rows(), temporary);
            NDArray out = attentionOut(heads.z(), in.firstQuery(), scope);
            NDArray resid = finish(rows, out, in.firstQuery(), scope);
            resid.attach(scope.manager());
            return new Output(resid, heads.keyValues().attach(scope.manager()));
        }
    }

    /**
     * Enters the block behind its heads.
     *
     * @param residPre residual stream before the block {@code [batch, pos, d_model]}
     * @param z head outputs {@code [batch, pos, head, d_head]}
     * @param first absolute position of row 0
     * @param scope the run
     * @return the residual stream after the block {@code [batch, pos, d_model]}
     */
    public NDArray fromZ(NDArray residPre, NDArray z, int first, RunScope scope) {
        try (RunScope.Temporary step = scope.temporary()) {
            NDManager temporary = step.manager();
            NDArray out = attentionOut(Alias.of(z, temporary), first, scope);
            NDArray resid = finish(Alias.of(residPre, temporary), out, first, scope);
            resid.attach(scope.manager());
            return resid;
        }
    }

    /**
     * Enters the block behind attention.
     *
     * @param residPre residual stream before the block {@code [batch, pos, d_model]}
     * @param attnOut what attention adds {@code [batch, pos, d_model]}
     * @param first absolute position of row 0
     * @param scope the run
     * @return the residual stream after the block {@code [batch, pos, d_model]}
     */
    public NDArray fromAttnOut(NDArray residPre, NDArray attnOut, int first, RunScope scope) {
        try (RunScope.Temporary step = scope.temporary()) {
            NDManager temporary = step.manager();
            NDArray resid = finish(Alias.of(residPre, temporary), Alias.of(attnOut, temporary), first, scope);
            resid.attach(scope.manager());
            return resid;
        }
    }

    /**
     * Queries, keys or values alone, before any norm on them and before rotation.
     *
     * @param kind {@link SiteKind#Q}, {@link SiteKind#K} or {@link SiteKind#V}
     * @param residPre residual stream before the block {@code [batch, pos, d_model]}
     * @param first absolute position of row 0
     * @param scope the run
     * @return what the site holds after all edits, {@code [batch, pos, head, d_head]}; per key-value head for K and V
     */
    public NDArray project(SiteKind kind, NDArray residPre, int first, RunScope scope) {
        try (RunScope.Temporary step = scope.temporary()) {
            NDArray alias = Alias.of(residPre, step.manager());
            NDArray x = scope.visit(SiteKind.RESID_PRE, layer, alias, first);
            Attention.Qkv all = qkv(new BlockInput(layer, x, first, 0, null), scope);
            NDArray raw =
                    switch (kind) {
                        case Q -> all.q();
                        case K -> all.k();
                        case V -> all.v();
                        default -> throw new IllegalArgumentException(kind + " is not a projection.");
                    };
            NDArray out = scope.visit(kind, layer, raw, first);
            out.attach(scope.manager());
            return out;
        }
    }

    private Attention.Qkv qkv(BlockInput in, RunScope scope) {
        AttentionWeights w = weights.attention();
        boolean split = scope.bus().wants(SiteKind.ATTN_IN, layer)
                || scope.bus().wants(SiteKind.Q_INPUT, layer)
                || scope.bus().wants(SiteKind.K_INPUT, layer)
                || scope.bus().wants(SiteKind.V_INPUT, layer);
        NDArray x = ln1(in, scope);
        if (split) {
            return new SplitInputs(dims, parts.norms, preNorm()).qkv(in, w, scope);
        }
        NDArray queryRows = in.queryFrom() == 0 ? x : Alias.rows(x, in.queryFrom(), in.rows(), x.getManager());
        return new Attention.Qkv(
                byHead(w.q().apply(queryRows), dims.heads()),
                byHead(w.k().apply(x), dims.kvHeads()),
                byHead(w.v().apply(x), dims.kvHeads()));
    }

    private NDArray ln1(BlockInput in, RunScope scope) {
        NormWeights norm = preNorm();
        return norm == null
                ? in.residPre()
                : parts.norms.apply(
                        in.residPre(), norm, place(SiteKind.LN1_SCALE, SiteKind.LN1_NORMALIZED, in.first()), scope);
    }

    private @Nullable NormWeights preNorm() {
        return arrangement == Arrangement.POST_NORM ? null : weights.norms().ln1();
    }

    private NDArray byHead(NDArray flat, int heads) {
        Shape s = flat.getShape();
        return flat.reshape(new Shape(s.get(0), s.get(1), heads, dims.dHead()));
    }

    private NDArray attentionOut(NDArray z, int first, RunScope scope) {
        Linear o = weights.attention().o();
        NDArray out;
        if (scope.bus().wants(SiteKind.RESULT, layer)) {
            NDArray result = Projections.perHeadOut(z, o, dims.heads());
            NDArray sum = scope.visit(SiteKind.RESULT, layer, result, first).sum(new int[] {2});
            out = o.bias() == null ? sum : sum.add(o.bias());
        } else {
            Shape s = z.getShape();
            out = o.apply(z.reshape(new Shape(s.get(0), s.get(1), s.get(2) * s.get(3))));
        }
        NormWeights post = weights.norms().ln1Post();
        NDArray added = post == null
                ? out
                : parts.norms.apply(
                        out, post, place(SiteKind.LN1_POST_SCALE, SiteKind.LN1_POST_NORMALIZED, first), scope);
        return scope.visit(SiteKind.ATTN_OUT, layer, added, first);
    }

    private NDArray finish(NDArray x, NDArray attnOut, int first, RunScope scope) {
        NDArray mid = x.add(attnOut);
        return switch (arrangement) {
            case ATTN_ONLY -> scope.visit(SiteKind.RESID_POST, layer, mid, first);
            case PARALLEL -> scope.visit(SiteKind.RESID_POST, layer, mid.add(preNormMlp(x, first, scope)), first);
            case SEQUENTIAL -> {
                mid = scope.visit(SiteKind.RESID_MID, layer, mid, first);
                yield scope.visit(SiteKind.RESID_POST, layer, mid.add(preNormMlp(mid, first, scope)), first);
            }
            case POST_NORM -> postNorm(scope.visit(SiteKind.RESID_MID, layer, mid, first), first, scope);
        };
    }

    private NDArray preNormMlp(NDArray x, int first, RunScope scope) {
        NDArray in = ln2(scope.visit(SiteKind.MLP_IN, layer, x, first), first, scope);
        NDArray out = parts.mlp.apply(in, mlp(), layer, first, scope);
        NormWeights post = weights.norms().ln2Post();
        NDArray added = post == null
                ? out
                : parts.norms.apply(
                        out, post, place(SiteKind.LN2_POST_SCALE, SiteKind.LN2_POST_NORMALIZED, first), scope);
        return scope.visit(SiteKind.MLP_OUT, layer, added, first);
    }

    private NDArray postNorm(NDArray mid, int first, RunScope scope) {
        NDArray in = scope.visit(SiteKind.MLP_IN, layer, mid, first);
        NormWeights norm = weights.norms().ln1();
        NDArray normed = norm == null
                ? in
                : parts.norms.apply(in, norm, place(SiteKind.LN1_SCALE, SiteKind.LN1_NORMALIZED, first), scope);
        NDArray out = scope.visit(SiteKind.MLP_OUT, layer, parts.mlp.apply(normed, mlp(), layer, first, scope), first);
        NDArray post = scope.visit(SiteKind.RESID_POST, layer, normed.add(out), first);
        return scope.visit(SiteKind.NORMALIZED_RESID_POST, layer, ln2(post, first, scope), first);
    }

    private NDArray ln2(NDArray x, int first, RunScope scope) {
        NormWeights norm = weights.norms().ln2();
        return norm == null
                ? x
                : parts.norms.apply(x, norm, place(SiteKind.LN2_SCALE, SiteKind.LN2_NORMALIZED, first), scope);
    }

    private Norms.Place place(SiteKind scale, SiteKind normalized, int first) {
        return new Norms.Place(scale, normalized, layer, first);
    }

    private MlpWeights mlp() {
        MlpWeights mlp = weights.mlp();
        if (mlp == null) {
            throw new IllegalStateException("Layer " + layer + " has no MLP weights but its arrangement wants them.");
        }
        return mlp;
    }
}
