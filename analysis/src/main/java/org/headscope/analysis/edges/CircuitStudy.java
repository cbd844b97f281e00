package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.InvalidPanelException;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;

/**
 * Circuits of every size for one question, from scores of all edges that are known already: which edges each has, and what
 * each does when it is run. Keeps what parts write on both prompts of every pair; close it to free that. Asking for circuits
 * needs no model and takes no time; measuring runs the model, one circuit at a time.
 */
public final class CircuitStudy implements AutoCloseable {
    private final EdgeSpace space;
    private final double[] scores;
    private final double[] parts;
    private final Map<CircuitGrowth, List<Integer>> orders = new EnumMap<>(CircuitGrowth.class);
    private final Faithfulness faithfulness;
    private final long seed;
    private boolean closed;

    /**
     * A circuit.
     *
     * @param chosen how many edges were chosen, before dead ends were taken away
     * @param graph what is left of them, largest scores first
     * @param heads the heads it runs through
     */
    public record Circuit(int chosen, EdgeGraph graph, SortedSet<MaskUnit> heads) {
        /** Copies the heads. */
        public Circuit {
            heads = new TreeSet<>(heads);
        }
    }

    /**
     * What a circuit does.
     *
     * @param faithfulness its share of the way from the corrupt to the clean mean logit difference
     * @param lower lower end of a bootstrap interval over pairs, NaN for a single pair
     * @param upper upper end
     * @param divergence mean {@code KL(model || circuit)} of the next token, in nats
     */
    public record Measured(double faithfulness, double lower, double upper, double divergence) {}

    CircuitStudy(AnalysisContext context, EdgeSpace space, ContrastSet pairs, Scores scores, Progress progress) {
        this.space = space;
        this.scores = scores.edges();
        this.parts = scores.parts();
        var choice = new CircuitChoice(space, this.scores);
        for (CircuitGrowth growth : CircuitGrowth.values()) {
            orders.put(growth, choice.order(growth));
        }
        this.seed = context.seed();
        this.faithfulness = new Faithfulness(context, space, pairs, progress);
    }

    /** Mean scores of all edges and of all writers, in the order of the space. */
    @SuppressWarnings("ArrayRecordComponent") // looked up, never compared
    record Scores(double[] edges, double[] parts) {}

    /**
     * Goes on from a finished run.
     *
     * @param context the model and what held around that run
     * @param asked the parameters of that run
     * @param all its graph of all edges, {@link CircuitSizes#GRAPH}
     * @param progress asked whether to stop
     * @return the study; close it
     * @throws org.headscope.hooks.HeadscopeException when the graph is not of this model, or the prompts do not fit it
     */
    public static CircuitStudy of(
            AnalysisContext context, CircuitSizes.Parameters asked, EdgeGraph all, Progress progress) {
        EdgeSpace space = EdgeSpace.of(context.model());
        ContrastSet pairs = CircuitSizes.pairs(context, asked, progress);
        return new CircuitStudy(context, space, pairs, read(space, all), progress);
    }

    private static Scores read(EdgeSpace space, EdgeGraph all) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int edge = 0; edge < space.size(); edge++) {
            numbers.put(space.name(edge), edge);
        }
        double[] edges = new double[space.size()];
        for (EdgeGraph.Edge edge : all.edges()) {
            Integer number = numbers.get(
                    edge.from() + "->" + edge.to() + (edge.input().isEmpty() ? "" : "<" + edge.input() + ">"));
            if (number == null) {
                throw new InvalidPanelException("Graph '" + all.title() + "' has an edge " + edge.from() + " -> "
                        + edge.to() + " that this model does not have: open the model it was made with.");
            }
            edges[number] = edge.score();
        }
        double[] parts = new double[space.writers().size()];
        Arrays.fill(parts, Double.NaN);
        Map<String, Double> known = new HashMap<>();
        all.nodes().forEach(node -> known.put(node.id(), node.score()));
        Arrays.setAll(
                parts, writer -> known.getOrDefault(space.writers().get(writer).id(), Double.NaN));
        return new Scores(edges, parts);
    }

    /** {@return how many edges the model has} */
    public int size() {
        return space.size();
    }

    /** {@return the mean logit difference of the clean runs} */
    public double clean() {
        return faithfulness.clean();
    }

    /** {@return the mean logit difference of the corrupt runs} */
    public double corrupt() {
        return faithfulness.corrupt();
    }

    /**
     * A circuit.
     *
     * @param growth how edges are chosen
     * @param count how many, from 0 to {@link #size()}
     * @return the circuit without dead ends, which change nothing that it computes
     */
    public Circuit circuit(CircuitGrowth growth, int count) {
        BitSet left = edges(growth, count);
        List<Integer> sorted = new ArrayList<>(left.stream().boxed().toList());
        sorted.sort(Comparator.comparingDouble((Integer edge) -> -Math.abs(scores[edge])));
        TreeSet<MaskUnit> heads = new TreeSet<>();
        CircuitChoice.alive(space, left).stream()
                .mapToObj(space.writers()::get)
                .filter(EdgeSpace.Writer::isHead)
                .forEach(writer -> heads.add(MaskUnit.head(writer.layer(), writer.head())));
        return new Circuit(count, graph(CircuitSearch.GRAPH, sorted), heads);
    }

    EdgeGraph graph(String title, List<Integer> edges) {
        return new EdgePanels(space).graph(title, EdgePanels.SCORE, edges, scores, parts);
    }

    /** All edges, largest scores first. */
    EdgeGraph all(String title) {
        return graph(title, orders.getOrDefault(CircuitGrowth.TOP, List.of()));
    }

    private BitSet edges(CircuitGrowth growth, int count) {
        return CircuitChoice.pruned(space, CircuitChoice.first(orders.getOrDefault(growth, List.of()), count));
    }

    /**
     * Runs a circuit on all pairs: clean prompts, where everything that does not flow along its edges is as in the corrupt
     * run. Takes its time.
     *
     * @param growth how edges are chosen
     * @param count how many
     * @return what it does
     * @throws CancelledException when the study was closed in the meantime
     */
    public synchronized Measured measure(CircuitGrowth growth, int count) {
        if (closed) {
            throw new CancelledException();
        }
        Faithfulness.Measured told = faithfulness.measured(edges(growth, count));
        boolean several = told.differences().length > 1;
        Bootstrap.Ends ends =
                several ? faithfulness.interval(told.differences(), seed) : new Bootstrap.Ends(Double.NaN, Double.NaN);
        return new Measured(faithfulness.share(told.differences()), ends.lower(), ends.upper(), told.divergence());
    }

    /** {@return how many edges are left of so many} */
    int left(CircuitGrowth growth, int count) {
        return edges(growth, count).cardinality();
    }

    /** {@return sizes to look at: those wanted that the model has, nothing and everything} */
    List<Integer> sizes(List<Integer> wanted) {
        return IntStream.concat(
                        IntStream.of(0, size()),
                        wanted.stream().mapToInt(Integer::intValue).filter(count -> count < size()))
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    List<ReceiptSummary> receipts() {
        return faithfulness.receipts();
    }

    @Override
    public synchronized void close() {
        closed = true;
        faithfulness.close();
    }
}
