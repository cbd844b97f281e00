package org.headscope.analysis.patching;

import java.util.List;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Region;

/**
 * The part of a grid that is computed; the rest stays NaN, so that shapes are the same whatever is chosen.
 *
 * @param layers which layers; empty for all
 * @param heads which heads of each of them; empty for all
 */
record PatchRange(List<Integer> layers, List<Integer> heads) {
    /** Everything. */
    static final PatchRange ALL = new PatchRange(List.of(), List.of());

    PatchRange {
        layers = List.copyOf(layers);
        heads = List.copyOf(heads);
    }

    /** Refuses layers and heads that are not there. */
    static PatchRange of(List<Integer> layers, List<Integer> heads, PatchSite site, Dims dims) {
        if (layers.stream().anyMatch(layer -> layer < 0 || layer >= dims.layers())) {
            throw ParameterException.refused(
                    "layers", layers.toString(), "layers from 0 to " + (dims.layers() - 1) + ", or nothing for all");
        }
        int columns = site.kind().perKvHead() ? dims.kvHeads() : dims.heads();
        if (!heads.isEmpty() && !site.layout().hasHeads()) {
            throw ParameterException.refused("heads", heads.toString(), "nothing, because this site has no heads");
        }
        if (heads.stream().anyMatch(head -> head < 0 || head >= columns)) {
            throw ParameterException.refused(
                    "heads",
                    heads.toString(),
                    (site.kind().perKvHead() ? "key-value heads" : "heads") + " from 0 to " + (columns - 1)
                            + ", or nothing for all");
        }
        return new PatchRange(layers, heads);
    }

    boolean has(int layer) {
        return layers.isEmpty() || layers.contains(layer);
    }

    boolean has(Region region) {
        return heads.isEmpty() || region.heads() == null || heads.containsAll(region.heads());
    }
}
