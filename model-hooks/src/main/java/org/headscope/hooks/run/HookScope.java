package org.headscope.hooks.run;

import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.site.HookSite;

/** Hooks that stay attached to a model until the scope is closed, also when something fails in between. */
public final class HookScope implements AutoCloseable {
    private final HookRegistry registry;
    private final List<SiteEdit> mine = new ArrayList<>();

    HookScope(HookRegistry registry) {
        this.registry = registry;
    }

    /**
     * Attaches a hook to all runs of the model while this scope is open.
     *
     * @param label how the hook is listed and receipted
     * @param site where
     * @param hook what to do there
     * @return this scope
     * @throws org.headscope.hooks.site.UnknownSiteException when the model has no such site
     */
    public HookScope add(String label, HookSite site, Hook hook) {
        SiteEdit edit = new HookEdit(label, registry.require(site), hook);
        registry.attach(edit);
        mine.add(edit);
        return this;
    }

    @Override
    public void close() {
        registry.detach(mine);
        mine.clear();
    }
}
