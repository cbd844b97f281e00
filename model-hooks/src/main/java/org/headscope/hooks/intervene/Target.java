package org.headscope.hooks.intervene;

import java.util.Set;
import java.util.TreeSet;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** What an ablation switches off or turns down. */
public sealed interface Target {
    /**
     * One attention head, at {@code z}, before W_O.
     *
     * @param layer its block
     * @param head its index among the query heads
     */
    record Head(int layer, int head) implements Target {
        @Override
        public HookSite site() {
            return HookSite.of(SiteKind.Z, layer);
        }

        @Override
        public Region region() {
            return Region.head(head);
        }

        @Override
        public String label() {
            return layer + "." + head;
        }
    }

    /**
     * One attention head at some positions, at {@code z}, before W_O: in the steps of decoding only, for example.
     *
     * @param layer its block
     * @param head its index among the query heads
     * @param positions absolute positions, those of the query where attention is edited; at least one
     */
    record HeadAt(int layer, int head, Set<Integer> positions) implements Target {
        /** Copies the set and refuses an empty one, which would be no head at all. */
        public HeadAt {
            positions = Set.copyOf(positions);
            if (positions.isEmpty()) {
                throw new IllegalArgumentException("Head " + layer + "." + head + " at no position.");
            }
        }

        @Override
        public HookSite site() {
            return HookSite.of(SiteKind.Z, layer);
        }

        @Override
        public Region region() {
            return new Region(Set.of(head), positions, null);
        }

        @Override
        public String label() {
            return layer + "." + head + " at " + new TreeSet<>(positions);
        }
    }

    /**
     * All heads of a layer, at {@code z}; b_O stays.
     *
     * @param layer its block
     */
    record AttentionLayer(int layer) implements Target {
        @Override
        public HookSite site() {
            return HookSite.of(SiteKind.Z, layer);
        }

        @Override
        public String label() {
            return "attn " + layer;
        }
    }

    /**
     * The output of an MLP.
     *
     * @param layer its block
     */
    record Mlp(int layer) implements Target {
        @Override
        public HookSite site() {
            return HookSite.of(SiteKind.MLP_OUT, layer);
        }

        @Override
        public String label() {
            return "mlp " + layer;
        }
    }

    /** {@return the site where it is edited} */
    HookSite site();

    /** {@return the part of the site that belongs to it} */
    default Region region() {
        return Region.ALL;
    }

    /** {@return a short name, such as {@code 8.6}} */
    String label();
}
