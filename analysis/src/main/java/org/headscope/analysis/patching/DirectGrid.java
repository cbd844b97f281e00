package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.site.SiteKind;

/**
 * Senders and the heads that may receive from them.
 *
 * @param dims sizes of the model
 * @param kind queries, keys or values
 * @param senders whose changes are sent
 */
record DirectGrid(Dims dims, SiteKind kind, List<MaskUnit> senders) {
    DirectGrid {
        senders = List.copyOf(senders);
    }

    /** Receiving heads of a layer. */
    int columns() {
        return kind.perKvHead() ? dims.kvHeads() : dims.heads();
    }

    /** How many receivers there are in all layers. */
    int receivers() {
        return dims.layers() * columns();
    }

    /** Senders of one layer, by their place among all. */
    List<Integer> of(int layer) {
        return IntStream.range(0, senders.size())
                .filter(i -> senders.get(i).layer() == layer)
                .boxed()
                .toList();
    }

    /**
     * The panel that fits.
     *
     * @param title its heading
     * @param quantity what the numbers are
     * @param values {@code [sender, receiver]} row by row, NaN where no path is
     * @param nothing what a single sender's grid shows there
     */
    GridPanel panel(String title, Quantity quantity, double[] values, double nothing) {
        if (senders.size() > 1) {
            Axis from = Axis.labelled(
                    Axis.SENDER, senders.stream().map(MaskUnit::label).toList());
            return new HeadPairGrid(
                    title, quantity, Grid.of(List.of(from, Axis.labelled(Axis.RECEIVER, names())), values));
        }
        double[] filled = Arrays.stream(values)
                .map(value -> Double.isNaN(value) ? nothing : value)
                .toArray();
        Axis heads = kind.perKvHead() ? Axis.kvHeads(columns()) : Axis.heads(columns());
        return new HeadGrid(title, quantity, Grid.of(List.of(Axis.layers(dims.layers()), heads), filled));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < receivers(); i++) {
            names.add(i / columns() + "." + i % columns());
        }
        return names;
    }
}
