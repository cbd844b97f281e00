package org.headscope.analysis.patching;

import org.headscope.hooks.site.SiteKind;

/** Where to patch, and in which pieces. */
public enum PatchSite {
    /** Residual stream before each block, position by position. */
    RESID_PRE(SiteKind.RESID_PRE, Layout.POSITIONS),
    /** Residual stream between attention and MLP, position by position. */
    RESID_MID(SiteKind.RESID_MID, Layout.POSITIONS),
    /** Output of each attention layer, position by position. */
    ATTN_OUT(SiteKind.ATTN_OUT, Layout.POSITIONS),
    /** Output of each MLP, position by position. */
    MLP_OUT(SiteKind.MLP_OUT, Layout.POSITIONS),
    /** Output of each head at all positions. */
    HEAD_Z(SiteKind.Z, Layout.HEADS),
    /** Queries of each head at all positions. */
    HEAD_Q(SiteKind.Q, Layout.HEADS),
    /** Keys of each key-value head at all positions. */
    HEAD_K(SiteKind.K, Layout.HEADS),
    /** Values of each key-value head at all positions. */
    HEAD_V(SiteKind.V, Layout.HEADS),
    /** Attention pattern of each head. */
    HEAD_PATTERN(SiteKind.PATTERN, Layout.HEADS),
    /** Output of each head, position by position. */
    HEAD_Z_BY_POS(SiteKind.Z, Layout.HEADS_BY_POSITION),
    /** Queries of each head, position by position. */
    HEAD_Q_BY_POS(SiteKind.Q, Layout.HEADS_BY_POSITION),
    /** Keys of each key-value head, position by position. */
    HEAD_K_BY_POS(SiteKind.K, Layout.HEADS_BY_POSITION),
    /** Values of each key-value head, position by position. */
    HEAD_V_BY_POS(SiteKind.V, Layout.HEADS_BY_POSITION),
    /** Attention pattern of each head, query by query. */
    HEAD_PATTERN_BY_POS(SiteKind.PATTERN, Layout.HEADS_BY_QUERY),
    /** Attention of each head from one position to one other. */
    HEAD_PATTERN_DEST_SRC(SiteKind.PATTERN, Layout.HEADS_BY_PAIR);

    private final SiteKind kind;
    private final Layout layout;

    PatchSite(SiteKind kind, Layout layout) {
        this.kind = kind;
        this.layout = layout;
    }

    /** How cells are laid out. */
    enum Layout {
        /** {@code [layer, position]}. */
        POSITIONS,
        /** {@code [layer, head]} or {@code [layer, kv_head]}. */
        HEADS,
        /** {@code [layer, position, head]} or {@code [layer, position, kv_head]}. */
        HEADS_BY_POSITION,
        /** {@code [layer, head, query]}. */
        HEADS_BY_QUERY,
        /** {@code [layer, head, query, key]}. */
        HEADS_BY_PAIR;

        /** {@return whether cells tell heads apart} */
        boolean hasHeads() {
            return this != POSITIONS;
        }
    }

    /** {@return the kind of hook site} */
    public SiteKind kind() {
        return kind;
    }

    Layout layout() {
        return layout;
    }

    /** {@return the sites of all layers in one name, such as {@code blocks.*.attn.hook_z}} */
    public String pattern() {
        return "blocks.*." + kind.path();
    }
}
