package org.headscope.analysis.edges;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskRegistry;
import org.jspecify.annotations.Nullable;

/**
 * How much of a task circuits of growing size do, on a pair of prompts or on average over examples: all edges are scored,
 * then circuits of the best are run. Unlike {@link CircuitSearch} it chooses none and holds no examples out.
 */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class CircuitSizes implements Analysis<CircuitSizes.Parameters, Findings> {
    /** Title of the curve of faithfulness against the number of edges chosen. */
    public static final String FAITHFULNESS = "Faithfulness by size";
    /** Title of the curve of the divergence from the model against the number of edges chosen. */
    public static final String DIVERGENCE = "Divergence from the model by size";
    /** Title of the graph of all edges, largest scores first. */
    public static final String GRAPH = "All edges by score";
    /** Title of the table of the sizes that were run. */
    public static final String SIZES = "Circuits";

    /**
     * Parameters: either a task, or two prompts and two answers.
     *
     * @param task id of the task
     * @param clean prompt with the answer
     * @param corrupt prompt without it, with as many tokens
     * @param answer right next token
     * @param foil wrong next token
     * @param method how edges are scored
     * @param steps points of the integrated gradients
     * @param growth how a circuit of so many edges is chosen
     * @param sizes numbers of edges to run, next to none and all
     * @param count how many examples of the task are drawn
     * @param split from which part they are drawn
     * @param gap smallest difference of the logit differences of the clean and the corrupt run, in logits
     */
    public record Parameters(
            @Param(
                            label = "Task",
                            choices = TaskRegistry.Ids.class,
                            help = "Whose examples are averaged over; or give two prompts and two answers.")
                    @Nullable
                    String task,
            @Param(label = "Clean prompt", help = "Prompt on which the model gives the answer.") @Nullable Prompt clean,
            @Param(label = "Corrupt prompt", help = "Prompt of equal length on which it does not.") @Nullable
                    Prompt corrupt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") @Nullable
                    Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") @Nullable Prompt foil,
            @Param(
                            label = "Scores",
                            defaultValue = "eap-ig",
                            help =
                                    "How edges are scored: eap at the clean run; eap-ig on the way from the corrupt to the"
                                            + " clean embedding; clean-corrupted at both ends; eap-ig-activations on the way of"
                                            + " every part's output in turn.")
                    EdgeMethod method,
            @Param(
                            label = "Steps",
                            min = 1,
                            max = 1000,
                            defaultValue = "5",
                            help = "Points on the way, for the two forms with integrated gradients.")
                    int steps,
            @Param(
                            label = "Grown",
                            defaultValue = "greedy",
                            help = "Greedy: from the logits backwards by score; top: the largest scores.")
                    CircuitGrowth growth,
            @Param(
                            label = "Sizes",
                            min = 1,
                            max = 1_000_000,
                            defaultValue = "1,2,3,5,7,10,15,20,30,50,70,100,150,200,300,500,700,1000,1500,2000,3000,"
                                    + "5000,10000,20000",
                            help = "Numbers of edges to run; none and all are run in any case.")
                    List<Integer> sizes,
            @Param(
                            label = "Examples",
                            min = 1,
                            max = 10_000,
                            defaultValue = "20",
                            help = "How many examples of the task are drawn.")
                    int count,
            @Param(label = "Examples from", defaultValue = "train", help = "Which part the examples come from.")
                    Split split,
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
        return AnalysisInfo.of("circuit-sizes", "Circuits by size", AnalysisInfo.Area.CIRCUIT)
                .measures("How much of the task circuits of growing size do by themselves, on two prompts or on the"
                        + " examples of a task.")
                .formula("faithfulness = (m(C) - m(corrupt)) / (m(clean) - m(corrupt)), m the mean logit difference;"
                        + " divergence = KL(model || C) of the next token in nats; m(C): clean prompts, every reader gets"
                        + " what parts write in this run along edges of C, and what they write in the corrupt run along"
                        + " all others. Parts without edges into or out of them are pruned")
                .source("Syed et al. 2310.10348; Hanna et al. 2403.17806 and the EAP-IG program")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Scores as edge-attribution, circuits as circuit-search, but run on the very prompts whose edges"
                                + " were scored: for examples that were not used, and for chance, see circuit-search."
                                + " Intervals hold the gap fixed and take the circuit as given.")
                .cost(
                        "Scores as edge-attribution; then one forward per size and batch, in which every head reads its own"
                                + " copy of the residual stream.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        EdgeSpace space = EdgeSpace.of(context.model());
        int gradients = parameters
                .method()
                .gradients(parameters.steps(), space.writers().size());
        int pairs = parameters.task() == null ? 1 : parameters.count();
        return pairs * (8 + 3.0 * gradients + parameters.sizes().size());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        EdgeSpace space = EdgeSpace.of(context.model());
        Standing.requireWithinParts(context);
        ContrastSet pairs = pairs(context, parameters, progress);
        EdgeScorer.Scored scored =
                new EdgeScorer(context, space, parameters.method(), parameters.steps()).score(pairs, progress);
        var means = new EdgeMeans(space, scored.scores(), context.seed());
        double[] parts = IntStream.range(0, space.writers().size())
                .mapToDouble(writer -> EdgeMeans.mean(means.ofWriter(writer)))
                .toArray();
        var scores = new CircuitStudy.Scores(means.means(), parts);
        try (CircuitStudy study = new CircuitStudy(context, space, pairs, scores, progress)) {
            Sweep sweep = new Sweep(study, parameters.growth());
            List<Integer> sizes = study.sizes(parameters.sizes());
            for (int size : sizes) {
                sweep.run(size);
                progress.partial(sweep.faithfulness());
                progress.report(sweep.rows.size(), sizes.size(), "running circuits");
            }
            return Findings.of(
                    List.of(sweep.faithfulness(), study.all(GRAPH), sweep.divergence(), sweep.table()),
                    study.receipts());
        }
    }

    static ContrastSet pairs(AnalysisContext context, Parameters given, Progress progress) {
        String task = given.task();
        ContrastSet.Draw draw = task == null
                ? null
                : new ContrastSet.Draw(task, given.split(), given.count(), given.gap(), context.seed());
        return new PairQuestion(given.clean(), given.corrupt(), given.answer(), given.foil())
                .set(context, draw, progress);
    }

    /** The sizes run so far. */
    private static final class Sweep {
        private final CircuitStudy study;
        private final CircuitGrowth growth;
        private final List<Double> sizes = new ArrayList<>();
        private final List<CircuitStudy.Measured> measured = new ArrayList<>();
        private final List<List<Object>> rows = new ArrayList<>();

        private Sweep(CircuitStudy study, CircuitGrowth growth) {
            this.study = study;
            this.growth = growth;
        }

        void run(int size) {
            CircuitStudy.Measured told = study.measure(growth, size);
            sizes.add((double) size);
            measured.add(told);
            rows.add(List.of(
                    size,
                    study.left(growth, size),
                    study.circuit(growth, size).heads().size(),
                    told.faithfulness(),
                    told.lower(),
                    told.upper(),
                    told.divergence()));
        }

        Curve faithfulness() {
            List<Double> y =
                    measured.stream().map(CircuitStudy.Measured::faithfulness).toList();
            boolean bands = measured.stream().noneMatch(one -> Double.isNaN(one.lower()));
            List<Double> lower =
                    measured.stream().map(CircuitStudy.Measured::lower).toList();
            List<Double> upper =
                    measured.stream().map(CircuitStudy.Measured::upper).toList();
            return curve(
                    FAITHFULNESS,
                    Quantity.signed("faithfulness", ""),
                    bands ? new Curve.Line("circuits", sizes, y, lower, upper) : new Curve.Line("circuits", sizes, y));
        }

        Curve divergence() {
            List<Double> y =
                    measured.stream().map(CircuitStudy.Measured::divergence).toList();
            return curve(
                    DIVERGENCE,
                    Quantity.unsigned("divergence from the model", "nats"),
                    new Curve.Line("circuits", sizes, y));
        }

        private static Curve curve(String title, Quantity y, Curve.Line line) {
            return new Curve(title, Quantity.unsigned("edges chosen", ""), y, List.of(line));
        }

        Table table() {
            return new Table(
                    SIZES,
                    List.of(
                            Table.Column.integer("edges chosen"),
                            Table.Column.integer("edges after pruning"),
                            Table.Column.integer("heads"),
                            Table.Column.number("faithfulness", ""),
                            Table.Column.number("lower", ""),
                            Table.Column.number("upper", ""),
                            Table.Column.number("divergence", "nats")),
                    rows);
        }
    }
}
