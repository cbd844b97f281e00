package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.site.SiteKind;

/** Where the forward pass hands over every activation, to be read or replaced. */
public interface SiteBus {
    /** Takes no interest in anything. */
    SiteBus NONE = new SiteBus() {
        @Override
        public boolean wants(SiteKind kind, int layer) {
            return false;
        }

        @Override
        public NDArray visit(SiteKind kind, int layer, NDArray value, SiteContext context) {
            return value;
        }
    };

    /**
     * Tells the forward pass whether a site is looked at. Sites that cost extra are computed only when wanted.
     *
     * @param kind the site
     * @param layer block index, or -1
     * @return whether {@link #visit} would do anything there
     */
    boolean wants(SiteKind kind, int layer);

    /**
     * Hands over an activation.
     *
     * @param kind the site
     * @param layer block index, or -1
     * @param value the activation; must not be changed in place
     * @param context which positions it covers
     * @return the activation to go on with, of the same shape
     */
    NDArray visit(SiteKind kind, int layer, NDArray value, SiteContext context);
}
