package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.hooks.site.HookSite;

/** Something that acts at one site during a run and accounts for it under one or more labels. */
public interface SiteEdit {
    /** {@return where it acts} */
    HookSite site();

    /** {@return the labels it reports under; each must have fired at the end of the run} */
    List<String> labels();

    /**
     * Acts on an activation.
     *
     * @param value the activation, not to be changed in place
     * @param point where and at which positions
     * @param book takes one entry per label each time something was done
     * @return the activation to go on with
     */
    NDArray apply(NDArray value, HookPoint point, ReceiptBook book);
}
