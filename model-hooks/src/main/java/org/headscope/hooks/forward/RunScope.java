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
 * @param recorded whether gradients will be taken, so that no step may overwrite what an earlier one made
 */
public record RunScope(NDManager manager, SiteBus bus, Masks masks, boolean recorded) {
    /**
     * The scope of a run that is not differentiated.
     *
     * @param manager owns what outlives a block
     * @param bus sees every activation
     * @param masks which keys each query sees
     */
    public RunScope(NDManager manager, SiteBus bus, Masks masks) {
        this(manager, bus, masks, false);
    }

    /** {@return the same scope for a run whose gradients will be taken} */
    public RunScope recording() {
        return new RunScope(manager, bus, masks, true);
    }

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
