package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;

/**
 * Predicts what each cell of a patch grid would do, from the slope of the metric at the base run:
 * {@code sum((a_other - a_base) * dM/da)} over everything that the cell covers.
 */
final class FirstOrder {
    private final PatchSite site;
    private final Gradients.Result base;
    private final ActivationCache other;

    /**
     * @param site decides what a cell covers
     * @param base activations and gradients of the run that would be patched
     * @param other activations that the patches would come from
     */
    FirstOrder(PatchSite site, Gradients.Result base, ActivationCache other) {
        this.site = site;
        this.base = base;
        this.other = other;
    }

    /** Predicted changes of the metric, in the row order of the grid. */
    double[] changes(List<HookSite> sites) {
        try (NDManager temporary = base.manager().newSubManager()) {
            return sites.stream()
                    .flatMapToDouble(at -> doubles(layer(at, temporary).toFloatArray()))
                    .toArray();
        }
    }

    private static DoubleStream doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
    }

    private NDArray layer(HookSite at, NDManager temporary) {
        NDArray change =
                Alias.of(other.get(at), temporary).sub(base.activations().get(at));
        return change.mul(base.gradients().get(at)).sum(summed());
    }

    /** The axes that the cells of a layer do not tell apart. */
    private int[] summed() {
        List<Integer> kept = new ArrayList<>();
        if (site.layout() != PatchSite.Layout.HEADS) {
            kept.add(site.kind().positionAxis());
        }
        if (site.layout().hasHeads()) {
            kept.add(site.kind().headAxis());
        }
        if (site.layout() == PatchSite.Layout.HEADS_BY_PAIR) {
            kept.add(site.kind().axes().indexOf("k_pos"));
        }
        return IntStream.range(0, site.kind().axes().size())
                .filter(axis -> !kept.contains(axis))
                .toArray();
    }
}
