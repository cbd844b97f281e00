package org.headscope.app.control.graph;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** A graph and what is pointed at in it: one part, or one flow, or nothing. Needs no toolkit. */
public final class GraphModel {
    private final ReadOnlyObjectWrapper<GraphData> data = new ReadOnlyObjectWrapper<>(this, "data", GraphData.NONE);
    private final ReadOnlyObjectWrapper<@Nullable GraphPart> part = new ReadOnlyObjectWrapper<>(this, "part");
    private final ReadOnlyObjectWrapper<@Nullable GraphFlow> flow = new ReadOnlyObjectWrapper<>(this, "flow");
    private final StringProperty valueTitle = new SimpleStringProperty(this, "valueTitle", "");
    private GraphLayout layout = new GraphLayout(GraphData.NONE);

    public ReadOnlyObjectProperty<GraphData> dataProperty() {
        return data.getReadOnlyProperty();
    }

    public GraphData data() {
        return data.get();
    }

    /** Shows another graph; what is pointed at stays pointed at while it is there. */
    public void show(GraphData fresh) {
        layout = new GraphLayout(fresh);
        GraphPart oldPart = part.get();
        GraphFlow oldFlow = flow.get();
        data.set(fresh);
        part.set(oldPart == null ? null : fresh.part(oldPart.id()).orElse(null));
        flow.set(oldFlow != null && fresh.flows().contains(oldFlow) ? oldFlow : null);
    }

    GraphLayout layout() {
        return layout;
    }

    /** What the scores are. */
    public StringProperty valueTitleProperty() {
        return valueTitle;
    }

    /** The part pointed at; null when it is a flow, or nothing. */
    public ReadOnlyObjectProperty<@Nullable GraphPart> partProperty() {
        return part.getReadOnlyProperty();
    }

    /** The flow pointed at; null when it is a part, or nothing. */
    public ReadOnlyObjectProperty<@Nullable GraphFlow> flowProperty() {
        return flow.getReadOnlyProperty();
    }

    /** Points at a part, if the graph has it. */
    public void point(GraphPart at) {
        flow.set(null);
        part.set(data().part(at.id()).orElse(null));
    }

    /** Points at a flow. */
    public void point(GraphFlow at) {
        part.set(null);
        flow.set(at);
    }

    /** Points at nothing. */
    public void clear() {
        part.set(null);
        flow.set(null);
    }

    /** Goes to the next part in a direction; the first step leads to the top. */
    public void walk(int right, int up) {
        GraphPart here = part.get();
        Optional<GraphPart> there = here == null ? layout.top() : layout.next(here, right, up);
        there.ifPresent(this::point);
    }

    /** The flows that are pointed at: into and out of the part, or the one flow; all when nothing is. */
    public List<GraphFlow> lit() {
        GraphPart at = part.get();
        GraphFlow one = flow.get();
        if (one != null) {
            return List.of(one);
        }
        return at == null ? data().flows() : data().touching(at);
    }

    /** @return a part in words, with how many flows it has */
    public String describe(GraphPart at) {
        String name = Messages.get(
                "graph.part",
                name(at),
                Integer.toString(data().into(at).size()),
                Integer.toString(data().outOf(at).size()));
        return Double.isNaN(at.score()) ? name : Messages.get("graph.part.score", name, Ticks.format(at.score()));
    }

    /** @return a flow in words, with its number */
    public String describe(GraphFlow one) {
        String ends = data().part(one.from()).map(GraphModel::name).orElse(one.from()) + " → "
                + data().part(one.to()).map(GraphModel::name).orElse(one.to());
        String through = one.input().isEmpty() ? ends : Messages.get("graph.flow.input", ends, words(one.input()));
        return Messages.get("graph.flow", through, Ticks.format(one.score()));
    }

    private static String name(GraphPart at) {
        return switch (at.kind()) {
            case INPUT -> Messages.get("graph.kind.input");
            case SHARED -> Messages.get("graph.kind.shared", at.label());
            case HEAD -> Messages.get("graph.kind.head", at.label());
            case MLP -> Messages.get("graph.kind.mlp", Integer.toString(at.layer()));
            case LOGITS -> Messages.get("graph.kind.logits");
            case OTHER -> at.label();
        };
    }

    private static String words(String input) {
        return switch (input) {
            case "q" -> Messages.get("graph.input.q");
            case "k" -> Messages.get("graph.input.k");
            case "v" -> Messages.get("graph.input.v");
            default -> input;
        };
    }

    /** The whole in words, for people who hear the window. */
    public String summary() {
        GraphPart at = part.get();
        GraphFlow one = flow.get();
        String what = at != null ? describe(at) : one != null ? describe(one) : Messages.get("graph.nothing");
        return Messages.get(
                "graph.accessible",
                Integer.toString(data().parts().size()),
                Integer.toString(data().flows().size()),
                what);
    }
}
