package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.UnknownSiteException;

/**
 * Activations on Java's heap: nothing to close, at the price of a copy with every use. For small ones that live as long as
 * somebody thinks of them, such as the means behind a mask.
 */
public final class HostActivations implements Activations {
    private final Map<HookSite, Values> values = new TreeMap<>();

    private record Values(Shape shape, float[] numbers) {}

    private HostActivations() {}

    /**
     * Copies activations out of the engine.
     *
     * @param cache may be closed afterwards
     * @return the same numbers
     */
    public static HostActivations of(ActivationCache cache) {
        HostActivations copy = new HostActivations();
        for (HookSite site : cache.sites()) {
            NDArray array = cache.get(site);
            copy.values.put(site, new Values(array.getShape(), array.toFloatArray()));
        }
        return copy;
    }

    /** {@return the sites that were kept} */
    public Set<HookSite> sites() {
        return Set.copyOf(values.keySet());
    }

    @Override
    public Shape shapeAt(HookSite site) {
        return at(site).shape();
    }

    /** The engine's own copy: what came from Java would not outlive its aliases. */
    @Override
    public NDArray on(HookSite site, NDManager manager) {
        Values kept = at(site);
        try (NDArray fromJava = manager.create(kept.numbers(), kept.shape())) {
            return fromJava.duplicate();
        }
    }

    private Values at(HookSite site) {
        Values kept = values.get(site);
        if (kept == null) {
            throw UnknownSiteException.notKept(site, values.keySet());
        }
        return kept;
    }
}
