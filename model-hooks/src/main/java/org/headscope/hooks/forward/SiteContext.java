package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a hook may need to know about the activation in its hands.
 *
 * @param first absolute position of row 0; above 0 when only later positions are computed
 * @param visible at attention scores and patterns: 1 where a query sees a key, otherwise 0, {@code [1 or batch, 1, q_pos,
 *     k_pos]}; null at other sites
 */
public record SiteContext(int first, @Nullable NDArray visible) {
    /**
     * Context of an ordinary site.
     *
     * @param first absolute position of row 0
     * @return the context
     */
    public static SiteContext rows(int first) {
        return new SiteContext(first, null);
    }
}
