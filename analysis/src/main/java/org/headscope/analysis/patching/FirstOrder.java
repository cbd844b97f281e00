package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        return rows(sites)[0];
    }

    /** The same for every row of the batch of the base run, {@code [row][cell]}. */
    double[][] rows(List<HookSite> sites) {
        int rows = (int) base.activations().get(sites.get(0)).getShape().get(0);
        double[][] changes = new double[rows][0];
        try (NDManager temporary = base.manager().newSubManager()) {
            for (HookSite at : sites) {
                float[] layer = layer(at, temporary).toFloatArray();
                int cells = layer.length / rows;
                for (int row = 0; row < rows; row++) {
                    int from = changes[row].length;
                    changes[row] = Arrays.copyOf(changes[row], from + cells);
                    for (int cell = 0; cell < cells; cell++) {
                        changes[row][from + cell] = layer[row * cells + cell];
                    }
                }
            }
        }
        return changes;
    }

    /** {@code [row, cells of the layer]}. */
    private NDArray layer(HookSite at, NDManager temporary) {
        NDArray change =
                Alias.of(other.get(at), temporary).sub(base.activations().get(at));
        NDArray products = change.mul(base.gradients().get(at));
        int[] summed = summed();
        // To the engine no axis at all means every axis.
        return summed.length == 0 ? products : products.sum(summed);
    }

    /** The axes that the cells of a layer do not tell apart. */
    private int[] summed() {
        List<Integer> kept = new ArrayList<>();
        kept.add(0);
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
