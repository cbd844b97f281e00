package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.SweepCell;
import org.jspecify.annotations.Nullable;

/**
 * The two runs that path patching lives on.
 *
 * @param context the model and what stands
 * @param pair the prompts and what is measured
 * @param clean its run, with every MLP output and what receivers get there
 * @param corrupt the other run, with every z and MLP output
 */
record PathRuns(AnalysisContext context, PatchPair pair, RunResult clean, RunResult corrupt) {
    /** The first position at which anything can differ between the runs. */
    int firstChange() {
        return context.model().config().attention().causal() ? pair.base().firstDifference(pair.other()) : 0;
    }

    /**
     * The sender from the corrupt run, heads held, and MLPs held where that is wanted.
     *
     * @param sender what moves; its parts from which no path leads to a receiver stay
     * @return a cell that runs as far as the receivers, or null when no path leads there
     */
    @Nullable
    SweepCell send(PathSender sender, PathPatching.Mlps mlps, PathReceivers receivers) {
        List<MaskUnit> heard = sender.parts().stream().filter(receivers::hear).toList();
        if (heard.isEmpty()) {
            return null;
        }
        PathSender moving = new PathSender(heard);
        List<Intervention> edits = new ArrayList<>(moving.edits(corrupt.cache()));
        if (mlps == PathPatching.Mlps.FROZEN && context.model().config().block().hasMlp()) {
            Set<Integer> own = moving.mlps();
            for (int l = moving.entry(); l <= receivers.lastBlock(); l++) {
                if (!own.contains(l)) {
                    HookSite site = HookSite.of(SiteKind.MLP_OUT, l);
                    edits.add(new Intervention.Patch(site, Region.ALL, clean.cache()));
                }
            }
        }
        return SweepCell.held("path from " + sender.label(), edits);
    }
}
