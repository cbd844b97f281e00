package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.UnknownSiteException;

/** Activations kept from a run, by site. Close it to free their memory. */
public final class ActivationCache implements Activations, AutoCloseable {
    private final NDManager manager;
    private final Map<HookSite, NDArray> arrays = new TreeMap<>();

    /** @param manager owns the arrays; closed with the cache */
    public ActivationCache(NDManager manager) {
        this.manager = manager;
    }

    /** {@return the sites that were kept} */
    public Set<HookSite> sites() {
        return Set.copyOf(arrays.keySet());
    }

    /**
     * Tells whether a site was kept.
     *
     * @param site the site
     * @return whether {@link #get} finds it
     */
    public boolean has(HookSite site) {
        return arrays.containsKey(site);
    }

    /**
     * A kept activation. It stays owned by the cache; work on an alias so that results do not pile up in it.
     *
     * @param site the site
     * @return the activation, shaped as {@link org.headscope.hooks.site.SiteCatalog#shapeOf} says
     * @throws UnknownSiteException when the site was not kept
     */
    public NDArray get(HookSite site) {
        NDArray array = arrays.get(site);
        if (array == null) {
            throw UnknownSiteException.notKept(site, arrays.keySet());
        }
        return array;
    }

    @Override
    public Shape shapeAt(HookSite site) {
        return get(site).getShape();
    }

    @Override
    public NDArray on(HookSite site, NDManager owner) {
        return Alias.of(get(site), owner);
    }

    /**
     * Keeps an activation by sharing its memory.
     *
     * @param site where it was seen
     * @param value the activation
     */
    public void put(HookSite site, NDArray value) {
        NDArray old = arrays.put(site, Alias.of(value, manager));
        if (old != null) {
            old.close();
        }
    }

    /**
     * Averages every kept activation over prompts, or over prompts and positions: reference values for mean ablation.
     *
     * @param perPosition whether positions stay apart
     * @return a new cache, owned by the same parent, with axes of length 1 where averaged
     */
    public ActivationCache mean(boolean perPosition) {
        ActivationCache means = new ActivationCache(manager.getParentManager().newSubManager());
        arrays.forEach((site, array) -> {
            try (NDManager temporary = manager.newSubManager()) {
                NDArray mean = Alias.of(array, temporary).mean(new int[] {0}, true);
                // The engine averages over one axis at a time.
                means.put(
                        site,
                        perPosition ? mean : mean.mean(new int[] {site.kind().positionAxis()}, true));
            }
        });
        return means;
    }

    @Override
    public void close() {
        arrays.clear();
        manager.close();
    }
}
