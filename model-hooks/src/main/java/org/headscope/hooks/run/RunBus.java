package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.forward.SiteContext;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteCatalog;
import org.headscope.hooks.site.SiteKind;

/** The bus of one run: applies edits in order, then lets observers see the result. */
public final class RunBus implements SiteBus {
    /** Sites that give every head its own copy of the residual stream; the shared first norm is then not used. */
    public static final Set<SiteKind> SPLIT_INPUTS =
            Set.of(SiteKind.ATTN_IN, SiteKind.Q_INPUT, SiteKind.K_INPUT, SiteKind.V_INPUT);

    private final Map<HookSite, List<SiteEdit>> edits = new HashMap<>();
    private final Map<HookSite, Watch> observers = new HashMap<>();
    private final Set<HookSite> seen = new HashSet<>();
    private final ReceiptBook book = new ReceiptBook();

    /** Sees an activation after all edits; what it returns goes on. */
    @FunctionalInterface
    public interface Observer {
        /**
         * Called each time the site is reached.
         *
         * @param value the activation after edits
         * @return the activation to go on with
         */
        NDArray observe(NDArray value);
    }

    /** An observer, and whether it keeps the memory of what it is given. */
    private record Watch(Observer observer, boolean keeps) {}

    /**
     * A bus for some edits.
     *
     * @param sites the sites of the model
     * @param edits what to do, in firing order
     * @throws org.headscope.hooks.site.UnknownSiteException when the model lacks one of the sites
     */
    public RunBus(SiteCatalog sites, List<SiteEdit> edits) {
        for (SiteEdit edit : edits) {
            this.edits
                    .computeIfAbsent(sites.require(edit.site()), key -> new ArrayList<>())
                    .add(edit);
            edit.labels().forEach(label -> book.expect(label, edit.site().name()));
        }
        refuseHiddenNormEdits();
    }

    /**
     * Checks edits without running them.
     *
     * @param sites the sites of the model
     * @param edits what would be done
     * @throws HeadscopeException when a site does not exist or two edits exclude each other
     */
    public static void requireCompatible(SiteCatalog sites, List<SiteEdit> edits) {
        new RunBus(sites, edits).refuseHiddenNormEdits();
    }

    /**
     * Adds an observer; there is one per site.
     *
     * @param site where
     * @param observer what sees the activation
     */
    public void observe(HookSite site, Observer observer) {
        watch(site, new Watch(observer, true));
    }

    /**
     * Adds an observer that keeps nothing of the memory it is given, so that no copy is made for it: a copy would end the
     * gradients of everything in front.
     *
     * @param site where
     * @param observer what sees the activation and hands on something made from it
     */
    public void transform(HookSite site, Observer observer) {
        watch(site, new Watch(observer, false));
    }

    private void watch(HookSite site, Watch watch) {
        observers.put(site, watch);
        refuseHiddenNormEdits();
    }

    /**
     * Ends the run.
     *
     * @return the receipts
     * @throws NeverFiredException when an edit or an observer never saw its site
     */
    public List<Receipt> close() {
        List<Receipt> receipts = book.close();
        observers.keySet().stream()
                .filter(site -> !seen.contains(site))
                .findFirst()
                .ifPresent(site -> {
                    throw new NeverFiredException("The site " + site + " was asked for but not reached in this run.");
                });
        return receipts;
    }

    @Override
    public boolean wants(SiteKind kind, int layer) {
        if (edits.isEmpty() && observers.isEmpty()) {
            return false;
        }
        HookSite site = new HookSite(kind, layer);
        return edits.containsKey(site) || observers.containsKey(site);
    }

    @Override
    public NDArray visit(SiteKind kind, int layer, NDArray value, SiteContext context) {
        HookSite site = new HookSite(kind, layer);
        HookPoint point = new HookPoint(site, context);
        NDArray now = value;
        for (SiteEdit edit : edits.getOrDefault(site, List.of())) {
            now = owned(edit.apply(now, point, book), now);
        }
        Watch watch = observers.get(site);
        if (watch == null) {
            return now;
        }
        seen.add(site);
        // What an edit brought in may live in memory of its own maker; what is kept must not depend on that.
        NDArray kept = now == value || !watch.keeps ? now : now.duplicate();
        return owned(watch.observer.observe(kept), kept);
    }

    /** A hook may hand back an array of its own; the run goes on with an alias, so that the array stays the hook's. */
    private static NDArray owned(NDArray after, NDArray before) {
        return after.getManager() == before.getManager() ? after : Alias.of(after, before.getManager());
    }

    /** With one residual copy per head the norm runs once per head, and an edit of the shared norm would be lost. */
    private void refuseHiddenNormEdits() {
        for (HookSite site : edits.keySet()) {
            boolean norm = site.kind() == SiteKind.LN1_SCALE || site.kind() == SiteKind.LN1_NORMALIZED;
            if (norm && SPLIT_INPUTS.stream().anyMatch(kind -> wants(kind, site.layer()))) {
                throw new HeadscopeException(
                        "An edit at " + site + " has no effect while "
                                + SPLIT_INPUTS.stream()
                                        .filter(kind -> wants(kind, site.layer()))
                                        .findFirst()
                                        .map(SiteKind::path)
                                        .orElse("")
                                + " of the same layer is in use, because each head then normalises its own copy. Use one of them.");
            }
        }
    }
}
