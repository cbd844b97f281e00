package org.headscope.app.control.graph;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javafx.geometry.Point2D;

/**
 * Where parts stand, in columns and layers: the input at the bottom, layer above layer, the logits on top. Within a layer
 * heads stand side by side, and the MLP, which comes after them, right of them and a little higher.
 */
final class GraphLayout {
    private static final double RAISED = 0.42;
    private static final double LOWERED = 0.24;
    /** Two parts in the same layer, or closer, are neighbours to the left and right. */
    private static final double BESIDE = 0.5;

    private final Map<String, Point2D> places = new HashMap<>();
    private final List<GraphPart> parts;
    private final double columns;
    private final int layers;
    private final boolean bars;

    GraphLayout(GraphData data) {
        parts = data.parts();
        bars = data.columns().isPresent();
        layers = layers(data);
        int across = data.columns().map(GraphPart.Columns::heads).orElseGet(this::widest);
        boolean mlps = parts.stream().anyMatch(part -> part.kind() == GraphPart.Kind.MLP);
        columns = Math.max(1, across) + (mlps ? 1.2 : 0);
        if (bars) {
            int group = data.columns().map(GraphPart.Columns::group).orElse(1);
            parts.forEach(part -> places.put(part.id(), new Point2D(column(part, group), row(part))));
        } else {
            byLayer().values().forEach(this::placeSideBySide);
        }
    }

    private static int layers(GraphData data) {
        return data.parts().stream()
                .mapToInt(part -> part.kind() == GraphPart.Kind.LOGITS ? part.layer() : part.layer() + 1)
                .max()
                .orElse(0);
    }

    private Map<Integer, List<GraphPart>> byLayer() {
        return parts.stream().collect(Collectors.groupingBy(GraphPart::layer, TreeMap::new, Collectors.toList()));
    }

    private int widest() {
        return byLayer().values().stream()
                .mapToInt(row -> (int) row.stream()
                        .filter(part -> part.kind() != GraphPart.Kind.MLP)
                        .count())
                .max()
                .orElse(1);
    }

    private double column(GraphPart part, int group) {
        return switch (part.kind()) {
            case HEAD, OTHER -> part.index();
            case SHARED -> part.index() * group + (group - 1) / 2.0;
            case MLP -> columns - 1;
            case INPUT, LOGITS -> (columns - 1) / 2;
        };
    }

    private double row(GraphPart part) {
        return switch (part.kind()) {
            case MLP -> part.layer() + 1 + RAISED;
            case SHARED -> part.layer() + 1 - (bars ? LOWERED : 0);
            default -> part.layer() + 1;
        };
    }

    private void placeSideBySide(List<GraphPart> row) {
        List<GraphPart> heads = row.stream()
                .filter(part -> part.kind() != GraphPart.Kind.MLP)
                .sorted(Comparator.comparing(GraphPart::kind).thenComparingInt(GraphPart::index))
                .toList();
        double room = columns - (parts.stream().anyMatch(part -> part.kind() == GraphPart.Kind.MLP) ? 1.2 : 0);
        boolean ends = heads.size() == 1 && heads.get(0).kind() != GraphPart.Kind.HEAD;
        double first = ((ends ? columns : room) - heads.size()) / 2;
        for (int i = 0; i < heads.size(); i++) {
            places.put(heads.get(i).id(), new Point2D(first + i, row(heads.get(i))));
        }
        row.stream()
                .filter(part -> part.kind() == GraphPart.Kind.MLP)
                .forEach(part -> places.put(part.id(), new Point2D(columns - 1, row(part))));
    }

    /** Column and layer of a part, both from 0; the input is in layer 0. */
    Point2D place(String id) {
        return places.getOrDefault(id, Point2D.ZERO);
    }

    /** Whether shared keys and values are bars below their heads. */
    boolean bars() {
        return bars;
    }

    double columns() {
        return columns;
    }

    /** From the input to the logits. */
    int rows() {
        return layers + 2;
    }

    /** The part that an arrow key leads to. */
    Optional<GraphPart> next(GraphPart from, int right, int up) {
        Point2D here = place(from.id());
        if (up != 0) {
            return parts.stream()
                    .filter(part -> (place(part.id()).getY() - here.getY()) * up > 1e-9)
                    .min(Comparator.comparingDouble((GraphPart part) ->
                                    Math.abs(place(part.id()).getY() - here.getY()))
                            .thenComparingDouble(
                                    part -> Math.abs(place(part.id()).getX() - here.getX())));
        }
        return parts.stream()
                .filter(part -> (place(part.id()).getX() - here.getX()) * right > 1e-9)
                .filter(part -> Math.abs(place(part.id()).getY() - here.getY()) <= BESIDE)
                .min(Comparator.comparingDouble(
                                (GraphPart part) -> Math.abs(place(part.id()).getY() - here.getY()))
                        .thenComparingDouble(part -> Math.abs(place(part.id()).getX() - here.getX())));
    }

    /** Where arrow keys begin: at the top. */
    Optional<GraphPart> top() {
        return parts.stream().max(Comparator.comparingDouble((GraphPart part) -> place(part.id())
                .getY()));
    }
}
