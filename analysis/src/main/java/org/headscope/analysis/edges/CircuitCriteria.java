package org.headscope.analysis.edges;

import com.google.auto.service.AutoService;
import java.util.BitSet;
import java.util.List;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskRegistry;

/** Whether a set of heads is a circuit: it does the task by itself, nothing that helps is missing, and nothing is idle. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class CircuitCriteria implements Analysis<CircuitCriteria.Parameters, Findings> {
    /** Title of the table of faithfulness, in one row. */
    public static final String FAITHFULNESS = "Faithfulness";
    /** Title of the table of completeness. */
    public static final String COMPLETENESS = "Completeness";
    /** Title of the table of minimality, one row per head. */
    public static final String MINIMALITY = "Minimality";
    /** Title of the panel that shows the same on the heads of the model. */
    public static final String NEEDS = "Need for each head of the circuit";
    /** Title of the table that compares the set with random sets. */
    public static final String CHANCE = "Chance";

    /** What heads outside the circuit write. */
    public enum Outside {
        /** Their mean over corrupt prompts, position by position. */
        MEAN,
        /** What they write on the corrupt twin of the same prompt. */
        RESAMPLE
    }

    /**
     * Parameters.
     *
     * @param task id of the task
     * @param heads the circuit
     * @param outside what heads outside write
     * @param references how many corrupt prompts means are taken over
     * @param count how many training examples sets are chosen on
     * @param heldOut how many held-out examples are reported on
     * @param randomSets how many random sets are tried for completeness and for each head
     * @param depth how many heads a greedy search adds
     * @param least effect that a head needs, as a share of the model's logit difference
     * @param controls how many random sets of heads the circuit is compared with
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "What the circuit has to do.") String task,
            @Param(label = "Heads", help = "The circuit, as layer.head, separated by commas.") List<String> heads,
            @Param(
                            label = "Outside",
                            defaultValue = "mean",
                            help = "What heads outside the circuit write: their mean over corrupt prompts, or what they"
                                    + " write on the corrupt twin.")
                    Outside outside,
            @Param(
                            label = "References",
                            min = 1,
                            max = 10_000,
                            defaultValue = "300",
                            help = "How many corrupt prompts of training examples means are taken over.")
                    int references,
            @Param(
                            label = "Training examples",
                            min = 1,
                            max = 10_000,
                            defaultValue = "30",
                            help = "How many examples the worst sets are looked for on.")
                    int count,
            @Param(
                            label = "Held-out examples",
                            min = 1,
                            max = 10_000,
                            defaultValue = "100",
                            help = "How many examples are reported on.")
                    int heldOut,
            @Param(
                            label = "Random sets",
                            min = 0,
                            max = 10_000,
                            defaultValue = "10",
                            help = "How many random sets are tried for completeness, and for each head.")
                    int randomSets,
            @Param(
                            label = "Depth",
                            min = 0,
                            max = 1000,
                            defaultValue = "3",
                            help = "How many heads the greedy searches add, one after the other.")
                    int depth,
            @Param(
                            label = "Least effect",
                            unit = "share",
                            min = 0,
                            defaultValue = "0.03",
                            help =
                                    "A head is needed when it changes the logit difference by this share of the model's.")
                    double least,
            @Param(
                            label = "Controls",
                            min = 1,
                            max = 1000,
                            defaultValue = "19",
                            help = "How many random sets of as many other heads.")
                    int controls) {
        /** Copies the list. */
        public Parameters {
            heads = List.copyOf(heads);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("circuit-criteria", "Criteria of a circuit", AnalysisInfo.Area.CIRCUIT)
                .measures("Whether a set of heads does a task by itself, leaves nothing out, and holds nothing idle.")
                .formula("F(S) = mean logit difference of the first right answers with every head outside S replaced."
                        + " Faithfulness |F(M) - F(C)|. Completeness: max over K in C of |F(C \\ K) - F(M \\ K)|, K random"
                        + " or grown greedily. Minimality of v: max over K in C of |F(C \\ K) - F(C \\ (K + v))|, K empty,"
                        + " all others, random or grown greedily; at least a share of F(M)")
                .source("Wang et al. 2211.00593; North et al. 2002 (p-value); examples by this project")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "The three definitions are the paper's. Here the reference prompts are the corrupt prompts of the"
                                + " task (the paper: three unrelated names), alike in length and in where they differ;"
                                + " MLPs always stay; heads act at all positions; sets K by classes of heads are not"
                                + " tried, and greedy searches stop at the given depth, so true maxima may be larger."
                                + " Sets are chosen on training examples; the report, with intervals over held-out ones,"
                                + " keeps the sign they had there.")
                .cost(
                        "One forward per example and distinct set of heads; at most about 2 (random + depth n) + n (2 random + 2"
                                + " + depth n) sets for n heads, fewer because many coincide.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        double n = parameters.heads().size();
        double tried = 2 * (parameters.randomSets() + parameters.depth() * n)
                + n * (2.0 * parameters.randomSets() + 2 + parameters.depth() * n);
        return parameters.references()
                + parameters.count() * tried
                + parameters.heldOut() * (2 * n + 8 + parameters.controls());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        MaskShape shape = MaskShape.of(context.model().config().dims());
        BitSet circuit = new BitSet();
        HeadList.parse("heads", parameters.heads(), shape)
                .forEach(head -> circuit.set(head.layer() * shape.heads() + head.head()));
        if (circuit.cardinality() == shape.layers() * shape.heads()) {
            throw ParameterException.refused(
                    "heads", "all heads", "fewer: the whole model is faithful and complete by definition");
        }
        progress.report(0, 0, "drawing examples");
        try (HeadKnockout chosenOn = knockout(context, parameters, Split.TRAIN, parameters.count(), progress);
                HeadKnockout reportedOn =
                        knockout(context, parameters, Split.HELD_OUT, parameters.heldOut(), progress)) {
            var search =
                    new CriteriaSearch(chosenOn, circuit, shape.layers() * shape.heads(), parameters, context.seed());
            return new CriteriaReport(search, circuit, shape, parameters)
                    .findings(reportedOn, context.seed(), progress);
        }
    }

    private static HeadKnockout knockout(
            AnalysisContext context, Parameters parameters, Split split, int count, Progress progress) {
        ContrastSet pairs = ContrastSet.of(context, draw(parameters, split, count, context.seed()), progress);
        if (parameters.outside() == Outside.RESAMPLE) {
            return HeadKnockout.resampled(context, pairs, progress);
        }
        ContrastSet references = ContrastSet.of(
                context, draw(parameters, Split.TRAIN, parameters.references(), context.seed() + 1), progress);
        return HeadKnockout.averaged(context, pairs, references, CriteriaReport.LEAST_REFERENCES, progress);
    }

    /** The smallest gap only keeps out what the model cannot do at all. */
    private static ContrastSet.Draw draw(Parameters parameters, Split split, int count, long seed) {
        return new ContrastSet.Draw(parameters.task(), split, count, CriteriaReport.SMALLEST_GAP, seed);
    }
}
