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

    /**
     * Checks, before a run, whether the edit fits the length of the input.
     *
     * @param length number of tokens per prompt
     * @throws org.headscope.hooks.HeadscopeException when it was made for prompts of another length
     */
    default void requireFits(int length) {}

    /** {@return the first absolute position it can change} */
    default int firstPosition() {
        return 0;
    }

    /** {@return the last absolute position it can change} */
    default int lastPosition() {
        return Integer.MAX_VALUE;
    }

    /**
     * Tells whether the edit does the same to every row of the batch, so that it may be applied to many copies of a batch
     * at once.
     *
     * @return false for edits that know the batch they were made for
     */
    default boolean batchable() {
        return false;
    }
}
