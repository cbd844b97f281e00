package org.headscope.hooks.forward;

import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.jspecify.annotations.Nullable;

/**
 * The input of a forward pass.
 *
 * @param ids token ids {@code [batch][pos]}, all rows of equal length
 * @param padding 1 for tokens and 0 for padding, same shape; null when nothing is padded
 * @param types token types, same shape; null for all zero
 */
public record TokenBatch(int[][] ids, int @Nullable [][] padding, int @Nullable [][] types) {
    /** Refuses empty and ragged input. */
    public TokenBatch {
        if (ids.length == 0 || ids[0].length == 0) {
            throw new HeadscopeException("The prompt has no tokens. Type some text, or prepend a BOS token.");
        }
        for (int b = 1; b < ids.length; b++) {
            if (ids[b].length != ids[0].length) {
                throw new HeadscopeException("Prompts must have equal numbers of tokens, but prompt 0 has "
                        + ids[0].length + " and prompt " + b + " has " + ids[b].length
                        + ". Reword one of them, or run them one at a time.");
            }
        }
    }

    /**
     * A batch without padding or token types.
     *
     * @param ids token ids, one row per prompt
     * @return the batch
     */
    public static TokenBatch of(int[]... ids) {
        return new TokenBatch(ids, null, null);
    }

    /**
     * The same tokens, some of which are padding.
     *
     * @param padding 1 for tokens and 0 for padding {@code [batch][pos]}
     * @return a new batch
     */
    public TokenBatch withPadding(int[][] padding) {
        return new TokenBatch(ids, padding, types);
    }

    /**
     * The same tokens with token types.
     *
     * @param types token types {@code [batch][pos]}
     * @return a new batch
     */
    public TokenBatch withTypes(int[][] types) {
        return new TokenBatch(ids, padding, types);
    }

    /** {@return number of prompts} */
    public int size() {
        return ids.length;
    }

    /** {@return number of tokens per prompt} */
    public int length() {
        return ids[0].length;
    }

    /**
     * Checks ids and length against a model.
     *
     * @param dims the model's sizes
     * @throws HeadscopeException naming the first id out of range, or the length and the context
     */
    public void check(Dims dims) {
        if (length() > dims.context()) {
            throw new HeadscopeException("The prompt has " + length() + " tokens but this model's context is "
                    + dims.context() + ". Shorten it by " + (length() - dims.context()) + " tokens.");
        }
        for (int b = 0; b < ids.length; b++) {
            for (int p = 0; p < ids[b].length; p++) {
                if (ids[b][p] < 0 || ids[b][p] >= dims.vocab()) {
                    throw new HeadscopeException("Token id " + ids[b][p] + " at position " + p + " of prompt " + b
                            + " is outside this model's vocabulary of 0 to " + (dims.vocab() - 1) + ".");
                }
            }
        }
    }
}
