package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.AttentionWeights;
import org.jspecify.annotations.Nullable;

/** Scaled dot-product attention with every variation the supported families need, hook by hook. */
final class Attention {
    private final Dims dims;
    private final AttentionSpec spec;
    private final Norms norms;
    private final Rotary rotary;

    Attention(ModelConfig config, Norms norms, Rotary rotary) {
        this.dims = config.dims();
        this.spec = config.attention();
        this.norms = norms;
        this.rotary = rotary;
    }

    /** Queries {@code [batch, queries, head, d_head]}; keys and values {@code [batch, rows, kv_head, d_head]}. */
    record Qkv(NDArray q, NDArray k, NDArray v) {}

    /** Head outputs {@code z [batch, queries, head, d_head]}, with keys and values from position 0 on. */
    record Heads(NDArray z, KeyValues keyValues) {}

    /** From projected queries, keys and values to the output of every head. */
    Heads heads(Qkv raw, BlockInput in, AttentionWeights weights, RunScope scope) {
        Qkv qkv = rotated(normalised(hooked(raw, in, scope), weights.extras()), in, scope);
        NDArray keys = joined(in.prefix() == null ? null : in.prefix().keys(), qkv.k);
        NDArray values = joined(in.prefix() == null ? null : in.prefix().values(), qkv.v);
        NDArray pattern = pattern(qkv.q, keys, in, weights.extras(), scope);
        NDArray z = grouped(pattern, values).transpose(0, 2, 1, 3);
        z = scope.visit(SiteKind.Z, in.layer(), z, in.firstQuery());
        return new Heads(z, new KeyValues(keys, values));
    }

    private static Qkv hooked(Qkv raw, BlockInput in, RunScope scope) {
        NDArray q = scope.visit(SiteKind.Q, in.layer(), raw.q, in.firstQuery());
        NDArray k = scope.visit(SiteKind.K, in.layer(), raw.k, in.first());
        NDArray v = scope.visit(SiteKind.V, in.layer(), raw.v, in.first());
        return new Qkv(q, k, v);
    }

    private Qkv normalised(Qkv qkv, AttentionWeights.Extras extras) {
        if (extras.qNorm() == null || extras.kNorm() == null) {
            return qkv;
        }
        return new Qkv(normalised(qkv.q, extras.qNorm()), normalised(qkv.k, extras.kNorm()), qkv.v);
    }

    private NDArray normalised(NDArray x, NDArray weight) {
        if (spec.qkNorm() == AttentionSpec.QkNorm.PER_HEAD) {
            return norms.rms(x, weight);
        }
        Shape s = x.getShape();
        return norms.rms(x.reshape(s.get(0), s.get(1), s.get(2) * s.get(3)), weight)
                .reshape(s);
    }

    private Qkv rotated(Qkv qkv, BlockInput in, RunScope scope) {
        var rope = spec.layers().get(in.layer()).rope();
        if (rope == null) {
            return qkv;
        }
        NDArray q = rotary.apply(qkv.q, rope, in.firstQuery());
        NDArray k = rotary.apply(qkv.k, rope, in.first());
        q = scope.visit(SiteKind.ROT_Q, in.layer(), q, in.firstQuery());
        k = scope.visit(SiteKind.ROT_K, in.layer(), k, in.first());
        return new Qkv(q, k, qkv.v);
    }

    /** Puts new rows {@code [batch, rows, kv_head, d_head]} behind the prefix: {@code [batch, kv_head, pos, d_head]}. */
    private static NDArray joined(@Nullable NDArray prefix, NDArray rows) {
        NDArray own = rows.transpose(0, 2, 1, 3);
        if (prefix == null) {
            return own;
        }
        return Alias.of(prefix, own.getManager()).concat(own, 2);
    }

    private NDArray pattern(NDArray q, NDArray keys, BlockInput in, AttentionWeights.Extras extras, RunScope scope) {
        LayerAttention layer = spec.layers().get(in.layer());
        NDArray scaled = q.mul(Scalar.of(layer.scale(), q)).transpose(0, 2, 1, 3);
        NDArray scores = grouped(scaled, keys.transpose(0, 1, 3, 2));
        int nKeys = (int) keys.getShape().get(2);
        if (spec.softcap() != null) {
            scores = Activations.softcap(scores, spec.softcap());
        }
        if (spec.alibi() != AttentionSpec.Alibi.NONE) {
            scores = scores.add(Alibi.bias(spec.alibi(), dims.heads(), nKeys, layer.scale(), scores.getManager()));
        }
        var span = new Masks.Span(in.firstQuery(), (int) q.getShape().get(1), nKeys, layer.window());
        Masks.Mask mask = scope.masks().of(span);
        scores = mask.bias() == null ? scores : scores.add(mask.bias());
        scores = visit(SiteKind.ATTN_SCORES, in, scores, mask, scope);
        NDArray pattern = extras.sinks() == null ? scores.softmax(-1) : withSinks(scores, extras.sinks());
        return visit(SiteKind.PATTERN, in, pattern, mask, scope);
    }

    private static NDArray visit(SiteKind kind, BlockInput in, NDArray value, Masks.Mask mask, RunScope scope) {
        if (!scope.bus().wants(kind, in.layer())) {
            return value;
        }
        return scope.bus().visit(kind, in.layer(), value, new SiteContext(in.firstQuery(), mask.visible()));
    }

    private NDArray withSinks(NDArray scores, NDArray sinks) {
        Shape s = scores.getShape();
        NDArray column = Alias.of(sinks, scores.getManager())
                .reshape(new Shape(1, dims.heads(), 1, 1))
                .broadcast(new Shape(s.get(0), s.get(1), s.get(2), 1));
        NDArray all = scores.concat(column, 3).softmax(-1);
        return all.get(new NDIndex().addAllDim().addAllDim().addAllDim().addSliceDim(0, s.get(3)));
    }

    /**
     * {@code left [batch, head, n, m]} times {@code right [batch, kv_head, m, p]}, each key-value head serving its group of
     * query heads. The queries of a group are laid end to end, so keys and values are never repeated in memory.
     */
    private NDArray grouped(NDArray left, NDArray right) {
        if (dims.group() == 1) {
            return left.matMul(right);
        }
        Shape s = left.getShape();
        Shape together = new Shape(s.get(0), dims.kvHeads(), dims.group() * s.get(2), s.get(3));
        Shape apart =
                new Shape(s.get(0), dims.heads(), s.get(2), right.getShape().get(3));
        return left.reshape(together).matMul(right).reshape(apart);
    }
}
