package org.headscope.hooks.family.own;

/** Tensor names of the format. Matrices are stored {@code [out, in]}. */
final class Names {
    static final String W_E = "embed.W_E";
    static final String W_POS = "embed.W_pos";
    static final String W_TYPE = "embed.W_type";
    static final String EMBED_NORM = "embed.ln";
    static final String EMBED_PROJECT = "embed.project";
    static final String FINAL_NORM = "ln_final";
    static final String UNEMBED_PROJECT = "unembed.project";
    static final String UNEMBED_DENSE = "unembed.dense";
    static final String UNEMBED_NORM = "unembed.ln";
    static final String UNEMBED_MATRIX = "unembed.W_U";
    static final String UNEMBED_BIAS = "unembed.b_U";
    static final String Q_NORM = "attn.q_norm.w";
    static final String K_NORM = "attn.k_norm.w";
    static final String SINKS = "attn.sinks";

    private Names() {}

    static String block(int layer) {
        return "blocks." + layer + ".";
    }

    /** {@code attn.W_Q}. */
    static String weight(String part, String role) {
        return part + ".W_" + role;
    }

    /** {@code attn.b_Q}. */
    static String bias(String part, String role) {
        return part + ".b_" + role;
    }
}
