package org.headscope.analysis.circuit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.hooks.config.Dims;

/** Composition of all pairs of heads, as it is shown: the last layer sends nothing, the first receives nothing. */
final class CompositionGrids {
    private final Dims dims;
    private final ChanceComposition chance;
    private final Axis senders;
    private final Axis receivers;
    private final Map<Composition, GridBuilder> above = new EnumMap<>(Composition.class);
    private final Map<Composition, GridBuilder> rotated = new EnumMap<>(Composition.class);

    CompositionGrids(Dims dims, ChanceComposition chance) {
        this.dims = dims;
        this.chance = chance;
        this.senders = Axis.labelled(Axis.SENDER, names(0, dims.layers() - 1));
        this.receivers = Axis.labelled(Axis.RECEIVER, names(1, dims.layers()));
        for (Composition kind : Composition.values()) {
            above.put(kind, Grid.builder(senders, receivers));
            rotated.put(kind, Grid.builder(senders, receivers));
        }
    }

    private List<String> names(int from, int to) {
        return IntStream.range(from * dims.heads(), to * dims.heads())
                .mapToObj(i -> i / dims.heads() + "." + i % dims.heads())
                .toList();
    }

    /** Enters {@code [sender, receiver]} of two layers: scores, and standard deviations above random rotations. */
    void put(Composition kind, int sender, int receiver, double[][] scores, double[][] deviations) {
        GridBuilder grid = grid(above, kind);
        GridBuilder standardised = grid(rotated, kind);
        for (int i = 0; i < dims.heads(); i++) {
            for (int j = 0; j < dims.heads(); j++) {
                int row = sender * dims.heads() + i;
                int column = (receiver - 1) * dims.heads() + j;
                grid.set(scores[i][j] - chance.mean(), row, column);
                standardised.set(deviations[i][j], row, column);
            }
        }
    }

    private static GridBuilder grid(Map<Composition, GridBuilder> grids, Composition kind) {
        return Objects.requireNonNull(grids.get(kind));
    }

    List<Panel> panels(int listed) {
        List<Panel> panels = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        for (Composition kind : Composition.values()) {
            Grid grid = grid(above, kind).snapshot();
            panels.add(new HeadPairGrid(kind.title(), Quantity.signed("composition above chance", ""), grid));
            rows.addAll(strongest(kind, grid, listed));
        }
        panels.add(new Table(
                CompositionScores.STRONGEST,
                List.of(
                        Table.Column.text("kind"),
                        Table.Column.text("sender"),
                        Table.Column.text("receiver"),
                        Table.Column.number("composition", ""),
                        Table.Column.number("above chance", ""),
                        Table.Column.number("above random rotations", "standard deviations")),
                rows));
        panels.add(chance.table(CompositionScores.CHANCE));
        for (Composition kind : Composition.values()) {
            Quantity quantity = Quantity.signed("squared composition above random rotations", "standard deviations");
            panels.add(new HeadPairGrid(
                    kind.rotatedTitle(), quantity, grid(rotated, kind).snapshot()));
        }
        return panels;
    }

    private List<List<Object>> strongest(Composition kind, Grid grid, int listed) {
        return IntStream.range(0, grid.size())
                .boxed()
                .filter(cell -> !Double.isNaN(grid.valueAt(cell)))
                .sorted(Comparator.comparingDouble((Integer cell) -> -grid.valueAt(cell)))
                .limit(listed)
                .map(cell -> row(kind, cell, grid.valueAt(cell)))
                .toList();
    }

    private List<Object> row(Composition kind, int cell, double excess) {
        return List.of(
                kind.name(),
                senders.label(cell / receivers.size()),
                receivers.label(cell % receivers.size()),
                excess + chance.mean(),
                excess,
                grid(rotated, kind).snapshot().valueAt(cell));
    }
}
