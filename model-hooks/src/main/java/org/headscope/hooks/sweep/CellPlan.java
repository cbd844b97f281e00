package org.headscope.hooks.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteCatalog;
import org.headscope.hooks.site.SiteKind;

/** A cell made ready to run: its edits by site, and where the first change happens. */
final class CellPlan {
    /** Entry of cells that change the embedding. */
    static final int EMBEDDING = -1;

    private final int index;
    private final Map<HookSite, List<SiteEdit>> edits = new HashMap<>();
    private final ReceiptBook book = new ReceiptBook();
    private final int entry;
    private final int first;
    private final int lastEditLayer;
    private final boolean held;

    CellPlan(int index, List<SiteEdit> all, SiteCatalog sites, int layers) {
        this(index, all, sites, layers, false);
    }

    CellPlan(int index, List<SiteEdit> all, SiteCatalog sites, int layers, boolean held) {
        this.index = index;
        this.held = held;
        for (SiteEdit edit : all) {
            edits.computeIfAbsent(sites.require(edit.site()), key -> new ArrayList<>())
                    .add(edit);
            edit.labels().forEach(label -> book.expect(label, edit.site().name()));
        }
        this.entry = edits.keySet().stream()
                .mapToInt(site -> depth(site, layers))
                .min()
                .orElse(layers);
        this.lastEditLayer = edits.keySet().stream()
                .mapToInt(site -> depth(site, layers))
                .max()
                .orElse(layers);
        this.first = all.stream().mapToInt(SiteEdit::firstPosition).min().orElse(0);
    }

    /** {@return position in the plan} */
    int index() {
        return index;
    }

    /** {@return whether heads keep the outputs of the base run, but for the edits of this cell} */
    boolean held() {
        return held;
    }

    /** {@return whether head outputs of a layer are edited, before or behind W_O} */
    boolean editsHeads(int layer) {
        return edits.containsKey(HookSite.of(SiteKind.Z, layer))
                || edits.containsKey(HookSite.of(SiteKind.RESULT, layer));
    }

    /** {@return where it edits} */
    Set<HookSite> sites() {
        return edits.keySet();
    }

    /** {@return the first block that must run, the number of layers for the final norm, or {@link #EMBEDDING}} */
    int entry() {
        return entry;
    }

    /** {@return the first position that can change} */
    int first() {
        return first;
    }

    /** {@return the last block in which something is edited} */
    int lastEditLayer() {
        return lastEditLayer;
    }

    /** {@return whether some head gets its own copy of the residual stream} */
    boolean splitsInputs() {
        return edits.keySet().stream().anyMatch(site -> RunBus.SPLIT_INPUTS.contains(site.kind()));
    }

    /** {@return accounts of this cell} */
    ReceiptBook book() {
        return book;
    }

    /** {@return what happens at a site} */
    List<SiteEdit> at(HookSite site) {
        return edits.getOrDefault(site, List.of());
    }

    /** The earliest kind of site that is edited in a layer. */
    SiteKind firstKind(int layer) {
        return edits.keySet().stream()
                .filter(site -> site.layer() == layer)
                .map(HookSite::kind)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** First and last position edited in a layer. */
    int[] span(int layer, int length) {
        int from = Integer.MAX_VALUE;
        int to = 0;
        for (Map.Entry<HookSite, List<SiteEdit>> e : edits.entrySet()) {
            if (e.getKey().layer() == layer) {
                for (SiteEdit edit : e.getValue()) {
                    from = Math.min(from, edit.firstPosition());
                    to = Math.max(to, Math.min(length - 1, edit.lastPosition()));
                }
            }
        }
        return new int[] {from, to};
    }

    private static int depth(HookSite site, int layers) {
        return switch (site.kind()) {
            case TOKENS, EMBED, POS_EMBED, TOKEN_TYPE_EMBED -> EMBEDDING;
            case LN_FINAL_SCALE, LN_FINAL_NORMALIZED -> layers;
            default -> site.layer();
        };
    }
}
