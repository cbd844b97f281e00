package org.headscope.app.control.graph;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A graph to draw: parts with unique ids and what flows between them. */
public final class GraphData {
    /** Nothing to draw. */
    public static final GraphData NONE = new GraphData(List.of(), List.of(), null);

    private final Map<String, GraphPart> parts;
    private final List<GraphFlow> flows;
    private final GraphPart.@Nullable Columns columns;
    private final double extent;

    /**
     * @param parts the parts
     * @param flows what flows; both ends are among the parts
     * @param columns the heads of the model, or null where only the parts given are known
     */
    public GraphData(List<GraphPart> parts, List<GraphFlow> flows, GraphPart.@Nullable Columns columns) {
        this.parts = parts.stream()
                .collect(Collectors.toMap(GraphPart::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
        this.flows = flows.stream()
                .sorted(Comparator.comparingDouble(flow -> -Math.abs(flow.score())))
                .toList();
        this.columns = columns;
        this.extent = flows.stream()
                .mapToDouble(flow -> Math.abs(flow.score()))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    public List<GraphPart> parts() {
        return List.copyOf(parts.values());
    }

    /** Largest scores first. */
    public List<GraphFlow> flows() {
        return flows;
    }

    public Optional<GraphPart> part(String id) {
        return Optional.ofNullable(parts.get(id));
    }

    Optional<GraphPart.Columns> columns() {
        return Optional.ofNullable(columns);
    }

    /** The largest score, whatever its sign; 0 without flows. */
    public double extent() {
        return extent;
    }

    /** What flows into a part, into keys and values that it shares included; largest first. */
    public List<GraphFlow> into(GraphPart part) {
        return flows.stream()
                .filter(flow -> part(flow.to())
                        .filter(reader -> part.readsWith(reader, columns))
                        .isPresent())
                .toList();
    }

    /** What a part sends on; largest first. */
    public List<GraphFlow> outOf(GraphPart part) {
        return flows.stream().filter(flow -> flow.from().equals(part.id())).toList();
    }

    /** What flows into a part or out of it; largest first. */
    public List<GraphFlow> touching(GraphPart part) {
        Set<GraphFlow> both = new HashSet<>(into(part));
        both.addAll(outOf(part));
        return flows.stream().filter(both::contains).toList();
    }
}
