package org.headscope.analysis.sparse;

import java.util.List;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Queries, keys and values of one layer for one text, as its scores are made of them. Compared by identity.
 *
 * @param dims sizes of the model
 * @param attention of the layer
 * @param q {@code [pos * head * d_head]}, rotated where the layer has a rotary embedding
 * @param k {@code [pos * kv_head * d_head]}, rotated likewise
 * @param v {@code [pos * kv_head * d_head]}
 */
@SuppressWarnings("ArrayRecordComponent") // private to this package, never compared
record LayerVectors(Dims dims, LayerAttention attention, float[] q, float[] k, float[] v) {
    /** Where the queries, keys and values of a layer are seen, in this order. */
    static List<HookSite> sites(ModelConfig config, int layer) {
        boolean rotary = config.attention().layers().get(layer).rope() != null;
        return List.of(
                HookSite.of(rotary ? SiteKind.ROT_Q : SiteKind.Q, layer),
                HookSite.of(rotary ? SiteKind.ROT_K : SiteKind.K, layer),
                HookSite.of(SiteKind.V, layer));
    }

    int length() {
        return v.length / (dims.kvHeads() * dims.dHead());
    }

    Turn turn() {
        return new Turn(attention.rope(), dims.dHead());
    }

    /** The query of a head, moved by some positions. */
    double[] query(int head, int position, int by) {
        return turn().moved(q, (position * dims.heads() + head) * dims.dHead(), by);
    }

    /** The key that a head reads, moved by some positions; under grouped-query attention the group shares it. */
    double[] key(int head, int position, int by) {
        return turn().moved(k, row(head, position), by);
    }

    /** Where the key or value that a head reads begins. */
    int row(int head, int position) {
        return (position * dims.kvHeads() + head / dims.group()) * dims.dHead();
    }
}
