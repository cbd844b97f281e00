package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.headscope.hooks.site.SiteKind;

/**
 * What all parts of one forward pass share: the owner of its results, the bus, and the masks.
 *
 * @param manager owns what outlives a block
 * @param bus sees every activation
 * @param masks which keys each query sees
 */
public record RunScope(NDManager manager, SiteBus bus, Masks masks) {
    /**
     * The scope of a run without padding.
     *
     * @param manager owns what outlives a block
     * @param bus sees every activation
     * @param causal whether queries see only earlier keys
     * @return the scope
     */
    public static RunScope of(NDManager manager, SiteBus bus, boolean causal) {
        return new RunScope(manager, bus, new Masks(manager, causal, null));
    }

    /**
     * Hands an activation to the bus if it is wanted.
     *
     * @param kind the site
     * @param layer block index, or -1
     * @param value the activation
     * @param first absolute position of row 0
     * @return the activation to go on with
     */
    NDArray visit(SiteKind kind, int layer, NDArray value, int first) {
        return bus.wants(kind, layer) ? bus.visit(kind, layer, value, SiteContext.rows(first)) : value;
    }
}
