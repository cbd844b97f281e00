package org.headscope.hooks.bake;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.headscope.hooks.intervene.Target;

/**
 * Parts of a model that write nothing.
 *
 * @param heads heads whose {@code z} is 0
 * @param attentions layers whose attention adds nothing, output bias included
 * @param mlps layers whose MLP adds nothing, output bias included
 */
public record Silenced(Set<Target.Head> heads, SortedSet<Integer> attentions, SortedSet<Integer> mlps) {
    /** Copies the sets. */
    public Silenced {
        heads = Set.copyOf(heads);
        attentions = new TreeSet<>(attentions);
        mlps = new TreeSet<>(mlps);
    }

    /** {@return whether nothing is silenced} */
    public boolean isEmpty() {
        return heads.isEmpty() && attentions.isEmpty() && mlps.isEmpty();
    }

    /** {@return the layers of which single heads are silenced, in order} */
    public SortedSet<Integer> layersOfHeads() {
        TreeSet<Integer> layers = new TreeSet<>();
        heads.forEach(head -> layers.add(head.layer()));
        return layers;
    }
}
