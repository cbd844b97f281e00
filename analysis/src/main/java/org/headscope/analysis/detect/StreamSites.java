package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** The residual stream into the first block and out of every block. */
final class StreamSites {
    private StreamSites() {}

    static List<HookSite> of(HookedTransformer model) {
        List<HookSite> sites = new ArrayList<>();
        sites.add(HookSite.of(SiteKind.RESID_PRE, 0));
        for (int l = 0; l < model.config().dims().layers(); l++) {
            sites.add(behind(model, l));
        }
        return sites;
    }

    /** Where a block leaves its output; post-norm blocks normalise it first. */
    static HookSite behind(HookedTransformer model, int layer) {
        HookSite normalized = HookSite.of(SiteKind.NORMALIZED_RESID_POST, layer);
        return model.sites().has(normalized) ? normalized : HookSite.of(SiteKind.RESID_POST, layer);
    }

    /** Row of a stream: 0 for what enters the first block, l + 1 for what leaves block l. */
    static int row(HookSite site) {
        return site.kind() == SiteKind.RESID_PRE ? site.layer() : site.layer() + 1;
    }
}
