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
 * @param recorded whether gradients will be taken, so that no step may overwrite or free what an earlier one made
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
     * Memory for one step of the run.
     *
     * @return a scope to be closed at the end of the step
     */
    Temporary temporary() {
        return new Temporary(manager.newSubManager(), recorded);
    }

    /**
     * Owns what one step needs. In a recorded run it stays open until the manager of the run closes: the backward pass
     * reads the operands of the forward pass, and the engine holds on only to its own memory, not to that of an array
     * that was made from Java data, a mask or a gate for example. Such memory is free once its array is closed.
     *
     * @param manager owns the arrays
     * @param kept whether to leave them to the manager of the run
     */
    record Temporary(NDManager manager, boolean kept) implements AutoCloseable {
        @Override
        public void close() {
            if (!kept) {
                manager.close();
            }
        }
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
