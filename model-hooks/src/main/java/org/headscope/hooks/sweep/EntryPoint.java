package org.headscope.hooks.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Where in its first block a cell's computation starts.
 *
 * @param kind {@link SiteKind#RESID_PRE} for the whole block, {@link SiteKind#Z} behind the heads, {@link SiteKind#ATTN_OUT}
 *     behind attention
 * @param from first position that the block must recompute
 * @param to one past the last
 */
record EntryPoint(SiteKind kind, int from, int to) {
    private static final Comparator<EntryPoint> ORDER = Comparator.comparing(EntryPoint::kind)
            .thenComparingInt(EntryPoint::from)
            .thenComparingInt(EntryPoint::to);

    /** {@return whether attention itself need not run} */
    boolean late() {
        return kind != SiteKind.RESID_PRE;
    }

    /** Cells by entry point; those that share one also share the shape of everything computed there. */
    static Map<EntryPoint, List<CellPlan>> group(List<CellPlan> cells, int layer, BaseRun base) {
        Map<EntryPoint, List<CellPlan>> groups = new TreeMap<>(ORDER);
        cells.forEach(cell -> groups.computeIfAbsent(of(cell, layer, base), key -> new ArrayList<>())
                .add(cell));
        return new LinkedHashMap<>(groups);
    }

    private static EntryPoint of(CellPlan cell, int layer, BaseRun base) {
        SiteKind firstKind = cell.firstKind(layer);
        int length = base.tokens().length();
        boolean inputEdited =
                base.standing().stream().anyMatch(edit -> edit.site().equals(HookSite.of(SiteKind.RESID_PRE, layer)));
        if (firstKind.compareTo(SiteKind.Z) < 0 || inputEdited) {
            return new EntryPoint(SiteKind.RESID_PRE, 0, length);
        }
        int[] span = cell.span(layer, length);
        SiteKind kind = firstKind.compareTo(SiteKind.ATTN_OUT) < 0 ? SiteKind.Z : SiteKind.ATTN_OUT;
        return new EntryPoint(kind, span[0], span[1] + 1);
    }
}
