package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.UnknownSiteException;

/** Activations by site, as interventions take values from them. */
public sealed interface Activations permits ActivationCache, HostActivations {
    /**
     * How large an activation is.
     *
     * @param site where it was seen
     * @return its shape, with axes of length 1 where it was averaged
     * @throws UnknownSiteException when it was not kept
     */
    Shape shapeAt(HookSite site);

    /**
     * An activation to compute with.
     *
     * @param site where it was seen
     * @param manager owns what is returned
     * @return an array of {@link #shapeAt}
     * @throws UnknownSiteException when it was not kept
     */
    NDArray on(HookSite site, NDManager manager);
}
