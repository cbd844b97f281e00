package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.forward.SiteContext;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** The bus of a batch of cells: what stands holds in all of them, then each cell's own edits act on its own rows. */
final class CellBus implements SiteBus {
    private final Map<HookSite, List<SiteEdit>> standing = new HashMap<>();
    private final List<CellPlan> cells;
    private final int batch;
    private final ReceiptBook standingBook = new ReceiptBook();
    private final Tap tap;

    /** Sees what passes after all edits, and changes nothing. */
    interface Tap {
        /** Sees nothing. */
        Tap NONE = new Tap() {
            @Override
            public boolean at(HookSite site) {
                return false;
            }

            @Override
            public void saw(HookSite site, List<CellPlan> cells, NDArray value) {}
        };

        /** Whether it looks at a site. */
        boolean at(HookSite site);

        /** {@code value [cells * batch, ..]}, cell after cell; short-lived. */
        void saw(HookSite site, List<CellPlan> cells, NDArray value);
    }

    /** {@code batch} is the number of prompts; the arrays it sees have {@code cells * batch} rows. */
    CellBus(List<SiteEdit> standing, List<CellPlan> cells, int batch) {
        this(standing, cells, batch, Tap.NONE);
    }

    CellBus(List<SiteEdit> standing, List<CellPlan> cells, int batch, Tap tap) {
        this.tap = tap;
        standing.forEach(edit -> this.standing
                .computeIfAbsent(edit.site(), key -> new ArrayList<>())
                .add(edit));
        this.cells = cells;
        this.batch = batch;
    }

    @Override
    public boolean wants(SiteKind kind, int layer) {
        HookSite site = new HookSite(kind, layer);
        return tap.at(site)
                || standing.containsKey(site)
                || cells.stream().anyMatch(cell -> !cell.at(site).isEmpty());
    }

    @Override
    public NDArray visit(SiteKind kind, int layer, NDArray value, SiteContext context) {
        HookPoint point = new HookPoint(new HookSite(kind, layer), context);
        NDArray now = value;
        List<SiteEdit> single = new ArrayList<>();
        for (SiteEdit edit : standing.getOrDefault(point.site(), List.of())) {
            if (edit.batchable() && single.isEmpty()) {
                now = owned(edit.apply(now, point, standingBook), now);
            } else {
                single.add(edit);
            }
        }
        NDArray after = cellByCell(now, point, single);
        if (tap.at(point.site())) {
            tap.saw(point.site(), cells, after);
        }
        return after;
    }

    private NDArray cellByCell(NDArray value, HookPoint point, List<SiteEdit> single) {
        boolean idle = single.isEmpty()
                && cells.stream().allMatch(cell -> cell.at(point.site()).isEmpty());
        if (idle) {
            return value;
        }
        if (cells.isEmpty()) {
            // The base run by itself: its rows stand for no cell.
            return standing(value, point, single);
        }
        NDList parts = new NDList(cells.size());
        for (int c = 0; c < cells.size(); c++) {
            NDArray rows = value.get(new NDIndex().addSliceDim((long) c * batch, (long) (c + 1) * batch));
            parts.add(applied(cells.get(c), standing(rows, point, single), point));
        }
        return parts.size() == 1 ? parts.head() : NDArrays.concat(parts, 0);
    }

    private NDArray standing(NDArray rows, HookPoint point, List<SiteEdit> edits) {
        NDArray now = rows;
        for (SiteEdit edit : edits) {
            now = owned(edit.apply(now, point, standingBook), now);
        }
        return now;
    }

    /** Applies one cell's own edits at a site to its own rows. */
    static NDArray applied(CellPlan cell, NDArray rows, HookPoint point) {
        NDArray now = rows;
        for (SiteEdit edit : cell.at(point.site())) {
            now = owned(edit.apply(now, point, cell.book()), now);
        }
        return now;
    }

    private static NDArray owned(NDArray after, NDArray before) {
        return after.getManager() == before.getManager() ? after : Alias.of(after, before.getManager());
    }
}
