package org.headscope.hooks.tokens;

/**
 * Whether a beginning-of-sequence token (or {@code [CLS]}) goes in front of a text. It changes what models do, above
 * all where attention goes, so every result says which policy it used and what that came to.
 */
public enum BosPolicy {
    /** As the checkpoint's own tokenizer does; {@link TextTokenizer#bos} tells what that is. */
    AUTO,
    /** Always, also where the tokenizer would not. */
    ALWAYS,
    /** Never, also where the tokenizer would. Special tokens at the end of a text stay. */
    NEVER
}
