package org.headscope.analysis.edges;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskRegistry;

/**
 * Finds a small set of edges that does a task by itself: on training examples from the scores of edges or by trying edge
 * after edge, and then says, on held-out examples, how much of the task it does when everything else is corrupt.
 */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class CircuitSearch implements Analysis<CircuitSearch.Parameters, Findings> {
    /** Title of the panel of faithfulness against the number of edges. */
    public static final String CURVE = "Faithfulness by size";
    /** Title of the graph of the circuit. */
    public static final String GRAPH = "Circuit";
    /** Title of the table of its edges. */
    public static final String EDGES = "Edges of the circuit";
    /** Title of the table of what was found, in one row. */
    public static final String FOUND = "What was found";
    /** Title of the table that compares it with random circuits. */
    public static final String CHANCE = "Against random circuits";
    /** Title of the table that compares it with as many random edges between the same parts. */
    public static final String CHANCE_AMONG = "Against random edges of the same parts";

    /** How edges are chosen. */
    public enum Search {
        /** From the logits backwards, always the largest score that joins. */
        GREEDY,
        /** The largest scores wherever they are. */
        TOP,
        /** Edge after edge is dropped where that changes little. */
        ACDC
    }

    /** What must stay the same when ACDC drops an edge. */
    public enum Criterion {
        /** KL divergence of the next token from that of the whole model, in nats. */
        KL,
        /** Faithfulness: distance of the logit difference from that of the whole model, as a share of the gap. */
        METRIC
    }

    /**
     * Parameters.
     *
     * @param task id of the task
     * @param search how edges are chosen
     * @param method how edges are scored, for greedy and top
     * @param steps points of the integrated gradients
     * @param sizes numbers of edges to try, for greedy and top
     * @param target faithfulness on training examples that a circuit has to reach
     * @param criterion what ACDC keeps
     * @param threshold growth of the distance below which ACDC drops an edge
     * @param count how many training examples edges are chosen on
     * @param heldOut how many held-out examples are reported on
     * @param controls how many random circuits
     * @param gap smallest difference of the logit differences of the clean and the corrupt run, in logits
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "What the circuit has to do.") String task,
            @Param(
                            label = "Search",
                            defaultValue = "greedy",
                            help =
                                    "Greedy: from the logits backwards by score; top: the largest scores; acdc: drop edge"
                                            + " after edge.")
                    Search search,
            @Param(label = "Scores", defaultValue = "eap-ig", help = "How greedy and top score edges.")
                    EdgeMethod method,
            @Param(
                            label = "Steps",
                            min = 1,
                            max = 1000,
                            defaultValue = "5",
                            help = "Points of the integrated gradients of the scores.")
                    int steps,
            @Param(
                            label = "Sizes",
                            min = 1,
                            max = 1_000_000,
                            defaultValue = "5,10,20,30,50,75,100,150,200,300,500",
                            help = "Numbers of edges that greedy and top try.")
                    List<Integer> sizes,
            @Param(
                            label = "Target",
                            min = 0,
                            max = 1,
                            defaultValue = "0.8",
                            help = "The smallest circuit is taken that reaches this faithfulness on training examples.")
                    double target,
            @Param(label = "Criterion", defaultValue = "kl", help = "What acdc compares when it drops an edge.")
                    Criterion criterion,
            @Param(
                            label = "Threshold",
                            min = 0,
                            defaultValue = "0.02",
                            help = "Acdc drops an edge when the distance grows by less: nats for kl, a share of the gap"
                                    + " for metric.")
                    double threshold,
            @Param(
                            label = "Training examples",
                            min = 1,
                            max = 10_000,
                            defaultValue = "20",
                            help = "How many examples edges are chosen on.")
                    int count,
            @Param(
                            label = "Held-out examples",
                            min = 1,
                            max = 10_000,
                            defaultValue = "50",
                            help = "How many examples faithfulness is reported on.")
                    int heldOut,
            @Param(
                            label = "Controls",
                            min = 1,
                            max = 1000,
                            defaultValue = "19",
                            help = "How many random circuits of equal size, of each of two kinds.")
                    int controls,
            @Param(
                            label = "Smallest gap",
                            unit = "logits",
                            min = 1e-4,
                            defaultValue = "0.5",
                            help = "Examples are skipped where clean minus corrupt logit difference is less.")
                    double gap) {
        /** Copies the list. */
        public Parameters {
            sizes = List.copyOf(sizes);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("circuit-search", "Circuit search", AnalysisInfo.Area.CIRCUIT)
                .measures("A small set of edges that does a task by itself, and how much of the task it does.")
                .formula("faithfulness = (m(C) - m(corrupt)) / (m(clean) - m(corrupt)), m the mean logit difference of"
                        + " the first right answers; m(C): clean prompts, every reader gets what parts write in this run"
                        + " along edges of C, and what they write in the corrupt run along all others. Parts without"
                        + " edges into or out of them are pruned. acdc: readers from the logits back, writers from the"
                        + " last on; an edge is dropped when KL(model || C) or |1 - faithfulness| grows by less than the"
                        + " threshold")
                .source("Syed et al. 2310.10348; Hanna et al. 2403.17806 and the EAP-IG program (scores, greedy, top,"
                        + " faithfulness); Conmy et al. 2304.14997 (acdc); North et al. 2002 (p-value)")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Greedy, top, pruning and faithfulness follow the EAP-IG program; acdc is reconstructed: the order"
                                + " of writers and the handling of parts that nothing reads are this program's. Edges are"
                                + " evaluated exactly, norms included, all at once. Edges and size are chosen on training"
                                + " examples, the report is on held-out ones, intervals hold the gap fixed. Random circuits"
                                + " are grown by greedy from random scores; random edges are drawn among the parts of the"
                                + " circuit. p is at least 1 / (controls + 1).")
                .cost(
                        "Scores as edge-attribution; then one forward per circuit and batch, from its first corrupt reader on,"
                                + " in which every head reads its own copy of the residual stream. acdc runs up to one"
                                + " circuit per edge of the model.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        EdgeSpace space = EdgeSpace.of(context.model());
        double report = parameters.heldOut()
                * (parameters.controls() + parameters.sizes().size() + 4.0);
        if (parameters.search() == Search.ACDC) {
            // Edges into what nothing reads any more are dropped untested; how many is not known before.
            return report + (double) parameters.count() * space.size();
        }
        int gradients = parameters
                .method()
                .gradients(parameters.steps(), space.writers().size());
        return report
                + parameters.count() * (4 + 3.0 * gradients + parameters.sizes().size());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        if (parameters.sizes().isEmpty()) {
            throw ParameterException.refused("sizes", "", "at least one number of edges");
        }
        EdgeSpace space = EdgeSpace.of(context.model());
        Standing.requireWithinParts(context);
        ContrastSet training = draw(context, parameters, Split.TRAIN, parameters.count(), progress);
        ContrastSet heldOut = draw(context, parameters, Split.HELD_OUT, parameters.heldOut(), progress);
        try (Faithfulness chosenOn = new Faithfulness(context, space, training, progress);
                Faithfulness reportedOn = new Faithfulness(context, space, heldOut, progress)) {
            var candidates = new CircuitCandidates(context, space, parameters, progress);
            List<CircuitCandidates.Candidate> all = candidates.find(training, chosenOn);
            return new CircuitReport(space, parameters, chosenOn, reportedOn).findings(all, context.seed(), progress);
        }
    }

    private static ContrastSet draw(
            AnalysisContext context, Parameters parameters, Split split, int count, Progress progress) {
        var draw = new ContrastSet.Draw(parameters.task(), split, count, parameters.gap(), context.seed());
        return ContrastSet.of(context, draw, progress);
    }
}
