package org.headscope.analysis.patching;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * The two runs that path patching lives on.
 *
 * @param context the model and what stands
 * @param pair the prompts and what is measured
 * @param clean its run, with every z and MLP output
 * @param corrupt the other run, with the same
 */
record PathRuns(AnalysisContext context, PatchPair pair, RunResult clean, RunResult corrupt) {
    /**
     * The sender from the corrupt run, everything that must not move from the clean one.
     *
     * @param layer of the sender
     * @param head the sender
     * @param mlps whether MLPs from its layer on move
     */
    List<Intervention> send(int layer, int head, PathPatching.Mlps mlps) {
        Intervention sender =
                new Intervention.Patch(HookSite.of(SiteKind.Z, layer), Region.head(head), corrupt.cache());
        Set<HookSite> held = new HashSet<>();
        boolean holdMlps = mlps == PathPatching.Mlps.FROZEN
                && context.model().config().block().hasMlp();
        // What comes before the sender sees nothing of it and stays of itself.
        for (int l = layer; l < context.model().config().dims().layers(); l++) {
            if (l > layer) {
                held.add(HookSite.of(SiteKind.Z, l));
            }
            if (holdMlps) {
                held.add(HookSite.of(SiteKind.MLP_OUT, l));
            }
        }
        return held.isEmpty() ? List.of(sender) : List.of(sender, new Intervention.Freeze(held, clean.cache()));
    }
}
