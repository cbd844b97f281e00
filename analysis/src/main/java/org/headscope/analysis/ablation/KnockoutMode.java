package org.headscope.analysis.ablation;

import java.util.Locale;

/**
 * In which way heads are switched off. These are different operations with different results, so every result names the one
 * that was used.
 */
public enum KnockoutMode {
    /** The output z becomes 0 (Michel et al., arXiv 1905.10650). With raw weights that removes the value bias too. */
    ZERO,
    /** z becomes its mean over a reference set (Wang et al., arXiv 2211.00593). */
    MEAN,
    /** z becomes that of one prompt of a reference set, another one for every example. */
    RESAMPLE,
    /** Attention becomes equal over the visible keys, values stay (Wu et al., arXiv 2404.15574, code). */
    UNIFORM,
    /** z becomes 0, while attention in all later layers is held as it was (Olsson et al., arXiv 2209.11895). */
    PATTERN_PRESERVING,
    /** z is multiplied by a gate. */
    GATE;

    /** Its name as it is typed, such as {@code pattern-preserving}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether outputs come from other prompts. */
    boolean needsReference() {
        return this == MEAN || this == RESAMPLE;
    }

    /** Where it acts, in words. */
    String site() {
        return switch (this) {
            case UNIFORM -> "attention pattern";
            case PATTERN_PRESERVING -> "z, before W_O; later patterns held";
            case ZERO, MEAN, RESAMPLE, GATE -> "z, before W_O";
        };
    }

    /** The hook sites of its receipts. */
    String hookSite() {
        return this == UNIFORM ? "blocks.*.attn.hook_pattern" : "blocks.*.attn.hook_z";
    }
}
