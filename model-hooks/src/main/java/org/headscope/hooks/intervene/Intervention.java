package org.headscope.hooks.intervene;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;

/** Something done to a running transformer. */
public sealed interface Intervention {
    /**
     * Switches something off or turns it down.
     *
     * @param target what
     * @param how in which way
     */
    record Ablate(Target target, Ablation how) implements Intervention {
        @Override
        public String label() {
            return target.label() + " " + how.mode().label()
                    + (how instanceof Ablation.Gate gate ? " " + gate.gate() : "");
        }
    }

    /**
     * Puts in an activation of another run (activation patching).
     *
     * @param site where
     * @param region which part
     * @param source the other run; must hold the site
     */
    record Patch(HookSite site, Region region, ActivationCache source) implements Intervention {
        @Override
        public String label() {
            return "patch " + site + describe(region);
        }
    }

    /**
     * Holds whole activations at their values in another run, for example all attention patterns.
     *
     * @param sites where
     * @param source the other run; must hold all of them
     */
    record Freeze(Set<HookSite> sites, ActivationCache source) implements Intervention {
        /** Copies the set. */
        public Freeze {
            sites = Set.copyOf(sites);
        }

        @Override
        public String label() {
            return "freeze";
        }
    }

    /**
     * Skips a part of a block: it adds nothing to the residual stream.
     *
     * @param part which part
     * @param layer which block
     */
    record Skip(Part part, int layer) implements Intervention {
        /** A part of a block. */
        public enum Part {
            /** Attention, with its output bias. */
            ATTENTION,
            /** The MLP, with its output bias. */
            MLP,
            /** The whole block. */
            BLOCK
        }

        @Override
        public String label() {
            return "skip " + part.name().toLowerCase(Locale.ROOT) + " " + layer;
        }
    }

    /**
     * Lets some heads see only the first and the latest tokens (the streaming attention of Xiao et al., arXiv 2309.17453).
     *
     * @param layer which block
     * @param heads which query heads; under grouped-query attention a key-value head streams when its whole group does
     * @param window what they still see
     */
    record Streaming(int layer, Set<Integer> heads, StreamingWindow window) implements Intervention {
        /** Copies the set. */
        public Streaming {
            heads = Set.copyOf(heads);
        }

        @Override
        public String label() {
            return "layer " + layer + " heads " + new TreeSet<>(heads) + " streaming " + window.label();
        }
    }

    /** {@return a short name for receipts; unique among the interventions of one run} */
    String label();

    private static String describe(Region region) {
        StringBuilder text = new StringBuilder();
        if (region.heads() != null) {
            text.append(" head ").append(region.heads());
        }
        if (region.positions() != null) {
            text.append(" pos ").append(region.positions());
        }
        if (region.keys() != null) {
            text.append(" key ").append(region.keys());
        }
        return text.toString();
    }
}
