package org.headscope.analysis.patching;

import java.util.List;
import java.util.Set;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Region;
import org.jspecify.annotations.Nullable;

/**
 * The part of a grid that is computed; the rest stays NaN, so that shapes are the same whatever is chosen.
 *
 * @param layers which layers; empty for all
 * @param heads which heads of each of them; empty for all
 * @param positions which positions, of the query at patterns; empty for all
 */
record PatchRange(List<Integer> layers, List<Integer> heads, List<Integer> positions) {
    /** Everything. */
    static final PatchRange ALL = new PatchRange(List.of(), List.of(), List.of());

    PatchRange {
        layers = List.copyOf(layers);
        heads = List.copyOf(heads);
        positions = List.copyOf(positions);
    }

    /** Refuses layers, heads and positions that are not there; {@code length} is that of the prompts. */
    static PatchRange of(ActivationPatching.Parameters asked, Dims dims, int length) {
        PatchRange range = of(asked.layers(), asked.heads(), asked.site(), dims);
        if (asked.positions().isEmpty()) {
            return range;
        }
        if (asked.site().layout() == PatchSite.Layout.HEADS) {
            throw ParameterException.refused(
                    "positions",
                    asked.positions().toString(),
                    "nothing, because this site is patched at all positions at once; choose one by position");
        }
        if (asked.positions().stream().anyMatch(position -> position < 0 || position >= length)) {
            throw ParameterException.refused(
                    "positions",
                    asked.positions().toString(),
                    "positions from 0 to " + (length - 1) + ", or nothing for all");
        }
        return new PatchRange(asked.layers(), asked.heads(), asked.positions());
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
        return new PatchRange(layers, heads, List.of());
    }

    boolean has(int layer) {
        return layers.isEmpty() || layers.contains(layer);
    }

    boolean has(Region region) {
        return fits(heads, region.heads()) && fits(positions, region.positions());
    }

    private static boolean fits(List<Integer> wanted, @Nullable Set<Integer> some) {
        return wanted.isEmpty() || some == null || wanted.containsAll(some);
    }
}
