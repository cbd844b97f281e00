package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.headscope.analysis.mask.MaskUnit;

/**
 * A set of chosen heads, and random sets of the same size.
 *
 * @param chosen the heads, strongest first
 * @param random the random sets
 */
record MaskedSets(List<MaskUnit> chosen, List<? extends Collection<MaskUnit>> random) {
    MaskedSets {
        chosen = List.copyOf(chosen);
        random = List.copyOf(random);
    }

    /** The chosen set, then the random ones. */
    List<Collection<MaskUnit>> all() {
        List<Collection<MaskUnit>> all = new ArrayList<>();
        all.add(chosen);
        all.addAll(random);
        return all;
    }
}
