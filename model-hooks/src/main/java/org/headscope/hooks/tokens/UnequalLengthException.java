package org.headscope.hooks.tokens;

/** Two prompts that are compared position by position but do not have equal numbers of tokens. */
public class UnequalLengthException extends TokenizerException {
    private static final long serialVersionUID = 1L;

    /** @param message where the prompts part, and what to do about it */
    public UnequalLengthException(String message) {
        super(message);
    }
}
