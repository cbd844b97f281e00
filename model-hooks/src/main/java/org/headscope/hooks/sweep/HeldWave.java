package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Block;
import org.headscope.hooks.forward.Masks;
import org.headscope.hooks.forward.RunScope;
import org.headscope.hooks.forward.SiteContext;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/**
 * Carries cells whose heads are held through the layers. A cell joins at the first block it changes; what heads add there
 * and later comes from the base run, so that only MLPs are computed, and only at positions from the first wanted one on.
 */
final class HeldWave {
    private static final Set<SiteKind> PROJECTED = EnumSet.of(SiteKind.Q, SiteKind.K, SiteKind.V);

    private final BaseRun base;
    private final List<CellPlan> cells;
    private final int first;
    private final SweepListener listener;
    private final NDManager manager;
    private final Masks masks;
    private CellBus.Tap tap = CellBus.Tap.NONE;

    HeldWave(BaseRun base, Chunk chunk, SweepListener listener, NDManager manager) {
        this.base = base;
        this.cells = chunk.cells();
        this.first = chunk.first();
        this.listener = listener;
        this.manager = manager;
        this.masks = new Masks(manager, true, null);
    }

    /** Refuses edits that could not show, since what they change is not computed. */
    static void requireBehindHeads(String label, CellPlan plan) {
        for (HookSite site : plan.sites()) {
            if (!site.kind().perBlock() || site.kind().compareTo(SiteKind.Z) < 0) {
                throw new HeadscopeException("Cell '" + label + "' edits " + site + ", but its heads are held at z, so"
                        + " nothing would come of it. Edit z or what comes behind it.");
            }
        }
    }

    /** Runs to the end of the last block. */
    Wavefront.Carried run() {
        List<CellPlan> order = new ArrayList<>();
        NDArray resid = null;
        for (int l = 0; l < base.model().config().dims().layers(); l++) {
            resid = joined(order, resid, l);
            resid = resid == null ? null : step(order, resid, l);
        }
        if (resid == null) {
            throw new IllegalStateException("A wave without cells");
        }
        return new Wavefront.Carried(order, resid);
    }

    /** Runs until the last of some sites and puts what is there into {@code read}. */
    void read(Set<HookSite> sites, CellActivations read) {
        tap = new Reading(sites, read);
        int last = sites.stream().mapToInt(HookSite::layer).max().orElse(-1);
        boolean through = sites.stream().anyMatch(site -> site.layer() == last && !PROJECTED.contains(site.kind()));
        List<CellPlan> order = new ArrayList<>();
        NDArray resid = null;
        for (int l = 0; l <= last; l++) {
            if (resid != null) {
                project(sites, order, resid, l);
            }
            if (l < last || through) {
                resid = joined(order, resid, l);
                resid = resid == null ? null : step(order, resid, l);
            }
        }
    }

    /** Queries, keys or values that cells have there before this block changes anything. */
    private void project(Set<HookSite> sites, List<CellPlan> order, NDArray resid, int layer) {
        for (HookSite site : sites) {
            if (site.layer() == layer && PROJECTED.contains(site.kind())) {
                base.model()
                        .forward()
                        .block(layer)
                        .project(site.kind(), resid, first, scope(order))
                        .close();
            }
        }
    }

    /** Adds the cells that begin with a block, with the base run's residual stream {@code [cells * batch, rows, d_model]}. */
    private @Nullable NDArray joined(List<CellPlan> order, @Nullable NDArray resid, int layer) {
        if (listener.cancelled()) {
            throw new SweepCancelledException();
        }
        List<CellPlan> joining =
                cells.stream().filter(cell -> cell.entry() == layer).toList();
        if (joining.isEmpty()) {
            return resid;
        }
        order.addAll(joining);
        NDArray fresh = Wavefront.copies(base.input(layer), span(), joining.size(), manager);
        if (resid == null) {
            return fresh;
        }
        NDArray all = NDArrays.concat(new NDList(resid, fresh), 0);
        resid.close();
        fresh.close();
        return all;
    }

    /** One block, entered behind the heads where some cell edits them, otherwise behind attention. */
    private NDArray step(List<CellPlan> order, NDArray resid, int layer) {
        SiteKind kind = order.stream().anyMatch(cell -> cell.editsHeads(layer)) ? SiteKind.Z : SiteKind.ATTN_OUT;
        RunScope scope = scope(order);
        try (NDManager temporary = manager.newSubManager()) {
            NDArray held = held(order, HookSite.of(kind, layer), temporary);
            NDArray x = Alias.of(resid, temporary);
            if (scope.bus().wants(SiteKind.RESID_PRE, layer)) {
                x = scope.bus().visit(SiteKind.RESID_PRE, layer, x, SiteContext.rows(first));
            }
            Block block = base.model().forward().block(layer);
            return kind == SiteKind.Z ? block.fromZ(x, held, first, scope) : block.fromAttnOut(x, held, first, scope);
        } finally {
            resid.close();
        }
    }

    /** What heads or attention give in the base run, with each cell's own edits: {@code [cells * batch, rows, ..]}. */
    private NDArray held(List<CellPlan> order, HookSite site, NDManager temporary) {
        boolean edited = order.stream().anyMatch(cell -> !cell.at(site).isEmpty());
        NDArray whole = base.entry(site.kind(), site.layer());
        if (!edited && site.kind() == SiteKind.ATTN_OUT) {
            return Wavefront.copies(whole, span(), order.size(), temporary);
        }
        NDArray rows = Alias.rows(whole, first, base.tokens().length(), temporary);
        HookPoint point = new HookPoint(site, SiteContext.rows(first));
        NDList parts = new NDList();
        order.forEach(cell -> parts.add(CellBus.applied(cell, Alias.of(rows, temporary), point)));
        return Wavefront.joined(parts);
    }

    private int[] span() {
        return new int[] {first, base.tokens().length()};
    }

    private RunScope scope(List<CellPlan> who) {
        return new RunScope(
                manager, new CellBus(base.standing(), who, base.tokens().size(), tap), masks);
    }

    /** Cuts what passes some sites into cells. */
    private final class Reading implements CellBus.Tap {
        private final Set<HookSite> sites;
        private final CellActivations read;

        private Reading(Set<HookSite> sites, CellActivations read) {
            this.sites = sites;
            this.read = read;
        }

        @Override
        public boolean at(HookSite site) {
            return sites.contains(site);
        }

        @Override
        public void saw(HookSite site, List<CellPlan> who, NDArray value) {
            long batch = base.tokens().size();
            for (int c = 0; c < who.size(); c++) {
                NDIndex rows = new NDIndex().addSliceDim(c * batch, (c + 1) * batch);
                try (NDArray part = value.get(rows);
                        NDArray own = part.duplicate()) {
                    read.put(who.get(c).index(), site, own);
                }
            }
        }
    }
}
