package org.headscope.hooks.site;

import java.util.List;

/**
 * Every kind of place where a hook can be attached, with its TransformerLens name and the meaning of its axes.
 *
 * <p>Axis names: {@code batch, pos, head, kv_head, d_model, d_head, d_mlp, d_embed, q_pos, k_pos, 1}.
 */
public enum SiteKind {
    /** Token ids, before the embedding. */
    TOKENS(false, "hook_tokens", "batch", "pos"),
    /** Token embeddings, scaled. */
    EMBED(false, "hook_embed", "batch", "pos", "d_model"),
    /** Learned position embeddings. */
    POS_EMBED(false, "hook_pos_embed", "batch", "pos", "d_model"),
    /** Token type embeddings. */
    TOKEN_TYPE_EMBED(false, "hook_token_type_embed", "batch", "pos", "d_model"),
    /** Residual stream entering the block. */
    RESID_PRE(true, "hook_resid_pre", "batch", "pos", "d_model"),
    /** One copy of the residual stream per head, read by its queries, keys and values. */
    ATTN_IN(true, "hook_attn_in", "batch", "pos", "head", "d_model"),
    /** One copy of the residual stream per head, read by its queries, before the norm. */
    Q_INPUT(true, "hook_q_input", "batch", "pos", "head", "d_model"),
    /** The same for keys. */
    K_INPUT(true, "hook_k_input", "batch", "pos", "kv_head", "d_model"),
    /** The same for values. */
    V_INPUT(true, "hook_v_input", "batch", "pos", "kv_head", "d_model"),
    /** Denominator of the first norm. */
    LN1_SCALE(true, "ln1.hook_scale", "batch", "pos", "1"),
    /** Output of the first norm; for RMSNorm before its gain, as TransformerLens has it. */
    LN1_NORMALIZED(true, "ln1.hook_normalized", "batch", "pos", "d_model"),
    /** Queries before any query norm and before rotation. */
    Q(true, "attn.hook_q", "batch", "pos", "head", "d_head"),
    /** Keys before any key norm and before rotation. */
    K(true, "attn.hook_k", "batch", "pos", "kv_head", "d_head"),
    /** Values. */
    V(true, "attn.hook_v", "batch", "pos", "kv_head", "d_head"),
    /** Queries after the rotary embedding. */
    ROT_Q(true, "attn.hook_rot_q", "batch", "pos", "head", "d_head"),
    /** Keys after the rotary embedding. */
    ROT_K(true, "attn.hook_rot_k", "batch", "pos", "kv_head", "d_head"),
    /** Scores after scale, soft cap, position bias and mask. */
    ATTN_SCORES(true, "attn.hook_attn_scores", "batch", "head", "q_pos", "k_pos"),
    /** Attention probabilities. */
    PATTERN(true, "attn.hook_pattern", "batch", "head", "q_pos", "k_pos"),
    /** Head outputs before W_O: where heads are masked and patched. */
    Z(true, "attn.hook_z", "batch", "pos", "head", "d_head"),
    /** Head outputs after W_O, {@code z_h W_O[h]}, without b_O. */
    RESULT(true, "attn.hook_result", "batch", "pos", "head", "d_model"),
    /** Denominator of the norm on the attention output. */
    LN1_POST_SCALE(true, "ln1_post.hook_scale", "batch", "pos", "1"),
    /** Output of the norm on the attention output; for RMSNorm before its gain. */
    LN1_POST_NORMALIZED(true, "ln1_post.hook_normalized", "batch", "pos", "d_model"),
    /** What attention adds to the residual stream. */
    ATTN_OUT(true, "hook_attn_out", "batch", "pos", "d_model"),
    /** Residual stream between attention and MLP. */
    RESID_MID(true, "hook_resid_mid", "batch", "pos", "d_model"),
    /** Copy of the residual stream that the MLP reads, before its norm. */
    MLP_IN(true, "hook_mlp_in", "batch", "pos", "d_model"),
    /** Denominator of the second norm. */
    LN2_SCALE(true, "ln2.hook_scale", "batch", "pos", "1"),
    /** Output of the second norm; for RMSNorm before its gain. */
    LN2_NORMALIZED(true, "ln2.hook_normalized", "batch", "pos", "d_model"),
    /** Hidden layer of the MLP before the activation (of a gated MLP: the gate). */
    MLP_PRE(true, "mlp.hook_pre", "batch", "pos", "d_mlp"),
    /** The linear branch of a gated MLP. */
    MLP_PRE_LINEAR(true, "mlp.hook_pre_linear", "batch", "pos", "d_mlp"),
    /** Hidden layer of the MLP after the activation. */
    MLP_POST(true, "mlp.hook_post", "batch", "pos", "d_mlp"),
    /** Denominator of the norm on the MLP output. */
    LN2_POST_SCALE(true, "ln2_post.hook_scale", "batch", "pos", "1"),
    /** Output of the norm on the MLP output; for RMSNorm before its gain. */
    LN2_POST_NORMALIZED(true, "ln2_post.hook_normalized", "batch", "pos", "d_model"),
    /** What the MLP adds to the residual stream. */
    MLP_OUT(true, "hook_mlp_out", "batch", "pos", "d_model"),
    /** Residual stream leaving the block (post-norm blocks: before the last norm). */
    RESID_POST(true, "hook_resid_post", "batch", "pos", "d_model"),
    /** Residual stream leaving a post-norm block. */
    NORMALIZED_RESID_POST(true, "hook_normalized_resid_post", "batch", "pos", "d_model"),
    /** Denominator of the final norm. */
    LN_FINAL_SCALE(false, "ln_final.hook_scale", "batch", "pos", "1"),
    /** Output of the final norm; for RMSNorm before its gain. */
    LN_FINAL_NORMALIZED(false, "ln_final.hook_normalized", "batch", "pos", "d_model");

    private final boolean perBlock;
    private final String path;
    private final List<String> axes;

    SiteKind(boolean perBlock, String path, String... axes) {
        this.perBlock = perBlock;
        this.path = path;
        this.axes = List.of(axes);
    }

    /** {@return whether the site exists once per block} */
    public boolean perBlock() {
        return perBlock;
    }

    /** {@return the name behind {@code blocks.N.}, or the whole name of a global site} */
    public String path() {
        return path;
    }

    /** {@return the names of the axes, outermost first} */
    public List<String> axes() {
        return axes;
    }

    /** {@return the axis that runs over heads or key-value heads, or -1} */
    public int headAxis() {
        return Math.max(axes.indexOf("head"), axes.indexOf("kv_head"));
    }

    /** {@return the axis that runs over (query) positions} */
    public int positionAxis() {
        return Math.max(axes.indexOf("pos"), axes.indexOf("q_pos"));
    }

    /** {@return whether the axis of heads counts key-value heads} */
    public boolean perKvHead() {
        return axes.contains("kv_head");
    }
}
