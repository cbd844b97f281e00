package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an activation, and may replace it.
 *
 * <p>A hook must not change the array in place: others may hold a handle to the same memory.
 */
@FunctionalInterface
public interface Hook {
    /**
     * Called with the activation each time the site is reached.
     *
     * @param value the activation; its shape is that of the site, with fewer rows when only later positions are computed
     * @param point where and at which positions
     * @return the activation to go on with, of the same shape, or null to leave it as it is
     */
    @Nullable
    NDArray apply(NDArray value, HookPoint point);
}
