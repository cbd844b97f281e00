package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.BlockWeights;
import org.jspecify.annotations.Nullable;

/**
 * All edges of a model. Writers are the embedding ({@code input}), every head and every MLP; each adds to the residual
 * stream. Readers are the query, key and value inputs of heads, the inputs of MLPs, and the logits; each takes the sum of
 * what was written before it, ahead of its own norm. Keys and values have as many readers as there are key-value heads.
 *
 * <p>Edges are numbered port by port, within a port reader by reader, within a reader writer by writer.
 */
final class EdgeSpace {
    private final Dims dims;
    private final boolean mlps;
    private final List<Writer> writers = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();

    /**
     * What adds to the residual stream.
     *
     * @param id {@code input}, {@code a1.h2} or {@code m3}
     * @param layer its block; -1 for the embedding
     * @param head its index among the heads of the block; -1 for what is no head
     */
    record Writer(String id, int layer, int head) {
        boolean isHead() {
            return head >= 0;
        }

        /** Where its output is seen; for heads, next to the other heads of the block. */
        HookSite site() {
            if (layer < 0) {
                return HookSite.of(SiteKind.RESID_PRE, 0);
            }
            return HookSite.of(isHead() ? SiteKind.RESULT : SiteKind.MLP_OUT, layer);
        }
    }

    /**
     * A place where the residual stream is read, by one reader or by all heads of a block alike.
     *
     * @param site where; {@code [batch, pos, reader, d_model]}, without the reader axis where there is only one
     * @param input {@code q}, {@code k} or {@code v}; empty for MLPs and logits
     * @param readers their ids
     * @param children for every reader, the writers whose output depends on it; none for the logits
     * @param writers how many writers, from the first on, stand before it
     * @param first number of its first edge
     */
    record Port(
            HookSite site, String input, List<String> readers, List<List<Integer>> children, int writers, int first) {
        int edges() {
            return readers.size() * writers;
        }

        boolean isPerHead() {
            return !input.isEmpty();
        }

        boolean isLogits() {
            return children.get(0).isEmpty();
        }

        int layer() {
            return site.layer();
        }
    }

    /**
     * One edge.
     *
     * @param port where it ends
     * @param reader which reader there
     * @param writer where it begins
     */
    record Edge(Port port, int reader, int writer) {
        String to() {
            return port.readers().get(reader);
        }

        List<Integer> children() {
            return port.children().get(reader);
        }
    }

    private EdgeSpace(Dims dims, boolean mlps, boolean parallel) {
        this.dims = dims;
        this.mlps = mlps;
        writers.add(new Writer("input", -1, -1));
        for (int layer = 0; layer < dims.layers(); layer++) {
            int before = writers.size();
            heads(layer, before);
            if (mlps) {
                int reach = parallel ? before : writers.size();
                int own = before + dims.heads();
                port(HookSite.of(SiteKind.MLP_IN, layer), "", List.of("m" + layer), List.of(List.of(own)), reach);
                writers.add(new Writer("m" + layer, layer, -1));
            }
        }
        HookSite end = HookSite.of(SiteKind.RESID_POST, dims.layers() - 1);
        port(end, "", List.of("logits"), List.of(List.of()), writers.size());
    }

    /**
     * The edges of a model.
     *
     * @throws HeadscopeException when the residual stream of the model is not the sum of what its parts write
     */
    static EdgeSpace of(HookedTransformer model) {
        refuse(model);
        Arrangement arrangement = model.config().block().arrangement();
        return new EdgeSpace(
                model.config().dims(), model.config().block().hasMlp(), arrangement == Arrangement.PARALLEL);
    }

    private static void refuse(HookedTransformer model) {
        String why = null;
        if (model.config().block().arrangement() == Arrangement.POST_NORM) {
            why = "its blocks normalise the residual stream after every addition, so it is no sum of what parts write";
        } else if (model.config().unembed().maskedLm()) {
            why = "it fills in masked tokens, so the last position does not answer";
        } else if (model.weights().blocks().stream().map(BlockWeights::norms).anyMatch(EdgeSpace::normsOutputs)) {
            why = "it normalises what attention and MLPs write, so heads do not add up one by one";
        }
        if (why != null) {
            throw new HeadscopeException("Edges are not defined for this "
                    + model.config().family() + " model: " + why + ". Use activation-patch or head-ablation.");
        }
    }

    private static boolean normsOutputs(BlockWeights.Norms norms) {
        return norms.ln1Post() != null || norms.ln2Post() != null;
    }

    private void heads(int layer, int before) {
        List<List<Integer>> alone = IntStream.range(0, dims.heads())
                .mapToObj(head -> List.of(before + head))
                .toList();
        port(HookSite.of(SiteKind.Q_INPUT, layer), "q", names(layer, dims.heads(), "h"), alone, before);
        List<List<Integer>> groups = IntStream.range(0, dims.kvHeads())
                .mapToObj(kv -> IntStream.range(kv * dims.group(), (kv + 1) * dims.group())
                        .mapToObj(head -> before + head)
                        .toList())
                .toList();
        List<String> shared = names(layer, dims.kvHeads(), dims.group() == 1 ? "h" : "kv");
        port(HookSite.of(SiteKind.K_INPUT, layer), "k", shared, groups, before);
        port(HookSite.of(SiteKind.V_INPUT, layer), "v", shared, groups, before);
        for (int head = 0; head < dims.heads(); head++) {
            writers.add(new Writer("a" + layer + ".h" + head, layer, head));
        }
    }

    private static List<String> names(int layer, int count, String kind) {
        return IntStream.range(0, count)
                .mapToObj(head -> "a" + layer + "." + kind + head)
                .toList();
    }

    private void port(HookSite site, String input, List<String> readers, List<List<Integer>> children, int reach) {
        Port port = new Port(site, input, readers, children, reach, edges.size());
        ports.add(port);
        for (int at = 0; at < port.edges(); at++) {
            edges.add(new Edge(port, at / reach, at % reach));
        }
    }

    Dims dims() {
        return dims;
    }

    boolean hasMlps() {
        return mlps;
    }

    List<Writer> writers() {
        return List.copyOf(writers);
    }

    List<Port> ports() {
        return List.copyOf(ports);
    }

    /** {@return the number of edges} */
    int size() {
        return edges.size();
    }

    Edge edge(int number) {
        return edges.get(number);
    }

    /** {@return an edge in the spelling of EAP-IG: {@code a0.h1->a1.h2<k>}} */
    String name(int number) {
        Edge edge = edge(number);
        String input = edge.port().input();
        return writers.get(edge.writer()).id() + "->" + edge.to() + (input.isEmpty() ? "" : "<" + input + ">");
    }

    /** {@return the number of an edge given as {@link #name} spells it, or null when there is none} */
    @Nullable
    Integer find(String name) {
        return IntStream.range(0, size())
                .filter(edge -> name(edge).equals(name))
                .boxed()
                .findFirst()
                .orElse(null);
    }
}
