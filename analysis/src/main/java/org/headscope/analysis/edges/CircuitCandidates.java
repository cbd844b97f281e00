package org.headscope.analysis.edges;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;

/** The circuits that a search offers, small ones first. */
final class CircuitCandidates {
    private final AnalysisContext context;
    private final EdgeSpace space;
    private final CircuitSearch.Parameters parameters;
    private final Progress progress;

    CircuitCandidates(
            AnalysisContext context, EdgeSpace space, CircuitSearch.Parameters parameters, Progress progress) {
        this.context = context;
        this.space = space;
        this.parameters = parameters;
        this.progress = progress;
    }

    /**
     * One circuit.
     *
     * @param edges its edges, pruned
     * @param chosen how many edges were chosen before pruning
     * @param scores of all edges, by which it was chosen
     */
    @SuppressWarnings("ArrayRecordComponent") // looked up, never compared
    record Candidate(BitSet edges, int chosen, double[] scores) {}

    List<Candidate> find(ContrastSet training, Faithfulness chosenOn) {
        return parameters.search() == CircuitSearch.Search.ACDC ? acdc(chosenOn) : scored(training);
    }

    private List<Candidate> scored(ContrastSet training) {
        EdgeScorer.Scored scored =
                new EdgeScorer(context, space, parameters.method(), parameters.steps()).score(training, progress);
        double[] means = new EdgeMeans(space, scored.scores(), context.seed()).means();
        var choice = new CircuitChoice(space, means);
        List<Candidate> candidates = new ArrayList<>();
        for (int size : parameters.sizes().stream().distinct().sorted().toList()) {
            BitSet edges = parameters.search() == CircuitSearch.Search.TOP ? choice.top(size) : choice.greedy(size);
            candidates.add(new Candidate(CircuitChoice.pruned(space, edges), edges.cardinality(), means));
        }
        return candidates;
    }

    /** Stages come from large to small; only the last one is finished, the others show the way. */
    private List<Candidate> acdc(Faithfulness chosenOn) {
        ToDoubleFunction<BitSet> distance = parameters.criterion() == CircuitSearch.Criterion.KL
                ? chosenOn::divergence
                : circuit -> Math.abs(1 - chosenOn.of(circuit));
        var search = new AcdcSearch(space, distance, parameters.threshold());
        List<BitSet> stages = new ArrayList<>(search.run(progress));
        double[] changes = search.changes();
        List<Candidate> candidates = new ArrayList<>();
        for (int i = stages.size() - 1; i >= 0; i--) {
            BitSet edges = stages.get(i);
            candidates.add(new Candidate(
                    CircuitChoice.pruned(space, edges), edges.cardinality(), Arrays.copyOf(changes, changes.length)));
        }
        return candidates;
    }
}
