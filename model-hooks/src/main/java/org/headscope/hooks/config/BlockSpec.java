package org.headscope.hooks.config;

/**
 * How a block is put together.
 *
 * @param arrangement order of attention and MLP
 * @param norm the formula of all norms in the model
 */
public record BlockSpec(Arrangement arrangement, NormSpec norm) {
    /** Order of the parts of a block. */
    public enum Arrangement {
        /** Attention, add, MLP, add; norms in front of each part. */
        SEQUENTIAL,
        /** Attention and MLP both read the block input. */
        PARALLEL,
        /** Norms after each add (BERT, OPT-350m). */
        POST_NORM,
        /** No MLP. */
        ATTN_ONLY
    }

    /** {@return whether the residual stream between attention and MLP exists as a place of its own} */
    public boolean hasResidMid() {
        return arrangement == Arrangement.SEQUENTIAL || arrangement == Arrangement.POST_NORM;
    }

    /** {@return whether blocks have an MLP} */
    public boolean hasMlp() {
        return arrangement != Arrangement.ATTN_ONLY;
    }
}
