package org.headscope.hooks.site;

import java.util.Set;
import org.headscope.hooks.HeadscopeException;

/** A hook site that does not exist, in general or in the model at hand. */
public class UnknownSiteException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message which site, and which exist instead */
    public UnknownSiteException(String message) {
        super(message);
    }

    /**
     * Activations were kept, but not these.
     *
     * @param site what was asked for
     * @param kept what there is instead
     * @return says both
     */
    public static UnknownSiteException notKept(HookSite site, Set<HookSite> kept) {
        return new UnknownSiteException("The cache does not hold " + site + ". It holds "
                + (kept.isEmpty() ? "nothing" : kept) + ". Ask for the site when running.");
    }
}
