package org.headscope.hooks.intervene;

import org.headscope.hooks.HeadscopeException;

/**
 * What a streaming head sees: the first tokens of the text and the latest ones (Xiao et al., arXiv 2309.17453). Positions
 * are absolute; padding in front of a text counts.
 *
 * @param sink how many positions at the front stay visible, 0 or more
 * @param recent how many latest positions stay visible, the query's own included, at least 1
 */
public record StreamingWindow(int sink, int recent) {
    /** Refuses windows in which a query does not see itself. */
    public StreamingWindow {
        if (sink < 0 || recent < 1) {
            throw new HeadscopeException("A streaming head cannot see " + sink + " first and " + recent
                    + " latest tokens. Give 0 or more first ones, and at least 1 latest one: the token itself.");
        }
    }

    /**
     * Tells whether a key stays visible.
     *
     * @param query absolute position that attends
     * @param key absolute position that is attended to
     * @return whether {@code key <= query and (key < sink or key > query - recent)}
     */
    public boolean sees(int query, int key) {
        return key <= query && (key < sink || key > query - recent);
    }

    /**
     * Tells whether the window hides anything.
     *
     * @param length number of tokens
     * @return false when every query of a text of that length sees all keys before it
     */
    public boolean hides(int length) {
        return length > (long) sink + recent;
    }

    /** {@return its words, such as {@code 4+64}} */
    public String label() {
        return sink + "+" + recent;
    }
}
