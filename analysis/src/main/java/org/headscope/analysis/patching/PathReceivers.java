package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/**
 * Where paths end.
 *
 * @param kind queries, keys or values; null for the logits
 * @param heads whose; empty for the logits
 * @param layers of the model, the place of the logits
 */
record PathReceivers(@Nullable SiteKind kind, List<MaskUnit> heads, int layers) {
    PathReceivers {
        heads = List.copyOf(heads);
    }

    static PathReceivers of(AnalysisContext context, PathPatching.Parameters parameters) {
        Dims dims = context.model().config().dims();
        SiteKind kind = parameters.receiver().kind();
        if (kind == null) {
            if (!parameters.heads().isEmpty()) {
                throw ParameterException.refused(
                        "heads", String.join(",", parameters.heads()), "nothing, because paths end at the logits");
            }
            return new PathReceivers(null, List.of(), dims.layers());
        }
        MaskShape shape = new MaskShape(dims.layers(), kind.perKvHead() ? dims.kvHeads() : dims.heads());
        return new PathReceivers(kind, HeadList.parse("heads", parameters.heads(), shape), dims.layers());
    }

    /** The layer behind all receivers' inputs: heads of this layer and later ones can send nothing. */
    int end() {
        return kind == null
                ? layers
                : heads.stream().mapToInt(MaskUnit::layer).max().orElse(0);
    }

    /** What has to be seen in the run that the sender changed. */
    Set<HookSite> sites() {
        Set<HookSite> sites = new LinkedHashSet<>();
        if (kind != null) {
            heads.forEach(head -> sites.add(HookSite.of(kind, head.layer())));
        }
        return sites;
    }

    /** Gives every receiver what it got in that run. */
    List<Intervention> set(ActivationCache got) {
        List<Intervention> patches = new ArrayList<>();
        for (HookSite site : sites()) {
            Set<Integer> own = new TreeSet<>();
            heads.stream().filter(head -> head.layer() == site.layer()).forEach(head -> own.add(head.head()));
            patches.add(new Intervention.Patch(site, new Region(own, null, null), got));
        }
        return patches;
    }

    String words() {
        return kind == null
                ? "final residual stream"
                : kind.path() + " of "
                        + String.join(", ", heads.stream().map(MaskUnit::label).toList());
    }
}
