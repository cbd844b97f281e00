package org.headscope.hooks.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteCatalog;

/** The hooks that are attached to a model beyond a single run. */
public final class HookRegistry {
    private final SiteCatalog sites;
    private final List<SiteEdit> attached = new CopyOnWriteArrayList<>();

    /** @param sites the sites of the model */
    public HookRegistry(SiteCatalog sites) {
        this.sites = sites;
    }

    /** {@return a new scope; close it to detach what was added through it} */
    public HookScope open() {
        return new HookScope(this);
    }

    /** {@return what is attached now, as {@code label at site}, in firing order} */
    public List<String> list() {
        return attached.stream()
                .flatMap(e -> e.labels().stream().map(label -> label + " at " + e.site()))
                .toList();
    }

    /** {@return the attached hooks in firing order} */
    public List<SiteEdit> attached() {
        return List.copyOf(attached);
    }

    HookSite require(HookSite site) {
        return sites.require(site);
    }

    void attach(SiteEdit edit) {
        attached.add(edit);
    }

    /** Equal hooks may have been attached by others, so these very ones are taken away. */
    void detach(List<SiteEdit> edits) {
        attached.removeIf(edit -> edits.stream().anyMatch(mine -> mine == edit));
    }
}
