package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
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
    private final List<Region> regions;
    private final List<Place> places = new ArrayList<>();
    /** What a grid shows where nothing is run: nothing is known, or nothing can change. */
    private final boolean[] unreachable;

    private record Place(int cell, int layer, Region region) {}

    /** Which keys a query can see. */
    private interface Reach {
        boolean sees(int layer, int query, int key);
    }

    /** The whole grid of a site, every pair of positions included. */
    PatchGrid(PatchSite site, Dims dims, Axis positions) {
        this(site, dims, positions, PatchRange.ALL, (layer, query, key) -> true);
    }

    private PatchGrid(PatchSite site, Dims dims, Axis positions, PatchRange range, Reach reach) {
        this.site = site;
        this.dims = dims;
        this.positions = positions;
        this.regions = regions();
        this.unreachable = new boolean[dims.layers() * regions.size()];
        for (int cell = 0; cell < unreachable.length; cell++) {
            int layer = cell / regions.size();
            Region region = regions.get(cell % regions.size());
            if (range.has(layer) && range.has(region)) {
                unreachable[cell] = !reaches(region, layer, reach);
                if (!unreachable[cell]) {
                    places.add(new Place(cell, layer, region));
                }
            }
        }
    }

    /** A part of the grid of a site; pairs of positions that attention cannot join are not run. */
    static PatchGrid of(PatchSite site, ModelConfig config, Axis positions, PatchRange range) {
        AttentionSpec attention = config.attention();
        return new PatchGrid(site, config.dims(), positions, range, (layer, query, key) -> {
            int window = attention.layers().get(layer).window();
            return (!attention.causal() || key <= query) && (window == 0 || key > query - window);
        });
    }

    private static boolean reaches(Region region, int layer, Reach reach) {
        return region.positions() == null
                || region.keys() == null
                || reach.sees(
                        layer,
                        region.positions().iterator().next(),
                        region.keys().iterator().next());
    }

    /** One site per layer; refuses models that lack it in some layer. */
    List<HookSite> sites(SiteCatalog catalog) {
        return IntStream.range(0, dims.layers())
                .mapToObj(layer -> catalog.require(HookSite.of(site.kind(), layer)))
                .toList();
    }

    /** Every cell that is run, with values taken from {@code source}. */
    List<SweepCell> cells(ActivationCache source) {
        return places.stream()
                .map(place -> SweepCell.of(
                        new Intervention.Patch(HookSite.of(site.kind(), place.layer), place.region, source)))
                .toList();
    }

    /** Its sites in one name. */
    String pattern() {
        return site.pattern();
    }

    /** How many cells are run. */
    int size() {
        return places.size();
    }

    /**
     * The numbers of the whole grid.
     *
     * @param values one per cell that is run
     * @param untouched what cells have that no patch can change
     * @return one per cell of the grid, NaN where none is asked for
     */
    double[] whole(double[] values, double untouched) {
        double[] whole = new double[unreachable.length];
        for (int cell = 0; cell < whole.length; cell++) {
            whole[cell] = unreachable[cell] ? untouched : Double.NaN;
        }
        for (int i = 0; i < values.length; i++) {
            whole[places.get(i).cell] = values[i];
        }
        return whole;
    }

    /** Numbers of the whole grid, less those that nobody asked for. */
    double[] chosen(double[] all) {
        double[] chosen = new double[all.length];
        for (int cell = 0; cell < all.length; cell++) {
            chosen[cell] = unreachable[cell] ? all[cell] : Double.NaN;
        }
        places.forEach(place -> chosen[place.cell] = all[place.cell]);
        return chosen;
    }

    private List<Region> regions() {
        int length = positions.size();
        Stream<Region> all =
                switch (site.layout()) {
                    case POSITIONS -> IntStream.range(0, length).mapToObj(Region::position);
                    case HEADS -> each(heads().size()).map(Region::head);
                    case HEADS_BY_POSITION ->
                        each(length).flatMap(p -> each(heads().size()).map(h -> Region.headAt(h, p)));
                    case HEADS_BY_QUERY ->
                        each(heads().size()).flatMap(h -> each(length).map(p -> Region.headAt(h, p)));
                    case HEADS_BY_PAIR -> each(heads().size()).flatMap(h -> pairs(h, length));
                };
        return all.toList();
    }

    private static Stream<Region> pairs(int head, int length) {
        return each(length).flatMap(q -> each(length).map(k -> new Region(Set.of(head), Set.of(q), Set.of(k))));
    }

    private static Stream<Integer> each(int count) {
        return IntStream.range(0, count).boxed();
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
            case HEADS_BY_POSITION, HEADS_BY_QUERY -> new HeadPositionGrid(title, quantity, grid, interval);
            case HEADS_BY_PAIR -> new AttentionMap(title, quantity, grid, interval);
        };
    }

    /** Numbers of the whole grid, over the axes of the layout. */
    Grid grid(double[] values) {
        Axis layers = Axis.layers(dims.layers());
        List<Axis> axes =
                switch (site.layout()) {
                    case POSITIONS -> List.of(layers, positions);
                    case HEADS -> List.of(layers, heads());
                    case HEADS_BY_POSITION -> List.of(layers, positions, heads());
                    case HEADS_BY_QUERY -> List.of(layers, heads(), named(Axis.QUERY));
                    case HEADS_BY_PAIR -> List.of(layers, heads(), named(Axis.QUERY), named(Axis.KEY));
                };
        return Grid.of(axes, values);
    }

    private Axis named(String name) {
        return new Axis(name, positions.size(), positions.labels());
    }
}
