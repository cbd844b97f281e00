package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteCatalog;
import org.headscope.hooks.sweep.SweepCell;
import org.jspecify.annotations.Nullable;

/** The cells of a patching sweep, in the row order of the grid that shows them. */
final class PatchGrid {
    private final PatchSite site;
    private final Dims dims;
    private final Axis positions;

    PatchGrid(PatchSite site, Dims dims, Axis positions) {
        this.site = site;
        this.dims = dims;
        this.positions = positions;
    }

    /** One site per layer; refuses models that lack it in some layer. */
    List<HookSite> sites(SiteCatalog catalog) {
        return IntStream.range(0, dims.layers())
                .mapToObj(layer -> catalog.require(HookSite.of(site.kind(), layer)))
                .toList();
    }

    /** Every cell, with values taken from {@code source}. */
    List<SweepCell> cells(ActivationCache source) {
        List<SweepCell> cells = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            HookSite at = HookSite.of(site.kind(), layer);
            for (Region region : regions()) {
                cells.add(SweepCell.of(new Intervention.Patch(at, region, source)));
            }
        }
        return cells;
    }

    /** How many cells there are. */
    int size() {
        return dims.layers() * regions().size();
    }

    private List<Region> regions() {
        return switch (site.layout()) {
            case POSITIONS ->
                IntStream.range(0, positions.size()).mapToObj(Region::position).toList();
            case HEADS ->
                IntStream.range(0, heads().size()).mapToObj(Region::head).toList();
            case HEADS_BY_POSITION ->
                IntStream.range(0, positions.size())
                        .boxed()
                        .flatMap(p -> IntStream.range(0, heads().size()).mapToObj(h -> Region.headAt(h, p)))
                        .toList();
        };
    }

    /** Keys and values exist once per key-value head; missing columns are never invented. */
    private Axis heads() {
        return site.kind().perKvHead() ? Axis.kvHeads(dims.kvHeads()) : Axis.heads(dims.heads());
    }

    /** The panel that fits the layout. */
    GridPanel panel(String title, Quantity quantity, double[] values) {
        return panel(title, quantity, grid(values), null);
    }

    /** The panel that fits the layout, with how sure its numbers are. */
    GridPanel panel(String title, Quantity quantity, Grid grid, @Nullable Interval interval) {
        return switch (site.layout()) {
            case POSITIONS -> new LayerPositionGrid(title, quantity, grid, interval, List.of());
            case HEADS -> new HeadGrid(title, quantity, grid, interval);
            case HEADS_BY_POSITION -> new HeadPositionGrid(title, quantity, grid, interval);
        };
    }

    /** Numbers in the order of the cells, over the axes of the layout. */
    Grid grid(double[] values) {
        Axis layers = Axis.layers(dims.layers());
        List<Axis> axes =
                switch (site.layout()) {
                    case POSITIONS -> List.of(layers, positions);
                    case HEADS -> List.of(layers, heads());
                    case HEADS_BY_POSITION -> List.of(layers, positions, heads());
                };
        return Grid.of(axes, values);
    }
}
