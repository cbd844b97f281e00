package org.headscope.analysis.edges;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
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
 * Edge attribution patching (Syed et al. 2310.10348) with its integrated-gradients forms (Hanna et al. 2403.17806): a score
 * for every edge of the model, on a pair of prompts or on average over the examples of a task.
 */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class EdgeAttribution implements Analysis<EdgeAttribution.Parameters, Findings> {
    /** Title of the graph of the largest edges. */
    public static final String GRAPH = "Largest edges";
    /** Title of the table of the largest edges, with intervals. */
    public static final String EDGES = "Edges by score";
    /** Title of the panel of the scores of heads. */
    public static final String HEADS = "Scores of heads";
    /** Title of the table of the scores of the embedding and the MLPs. */
    public static final String PARTS = "Scores of other parts";
    /** Title of the table that says what was run, in one row. */
    public static final String RUNS = "Runs";

    /**
     * Parameters: either a task, or two prompts and two answers.
     *
     * @param task id of the task
     * @param clean prompt with the answer
     * @param corrupt prompt without it, with as many tokens
     * @param answer right next token
     * @param foil wrong next token
     * @param method where slopes are taken
     * @param steps how many points the forms with integrated gradients take
     * @param count how many examples of the task are drawn
     * @param split from which part they are drawn
     * @param gap smallest difference of the logit differences of the clean and the corrupt run, in logits
     * @param top how many edges are shown
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
                            label = "Method",
                            defaultValue = "eap-ig",
                            help = "Where slopes are taken: eap at the clean run; eap-ig on the way from the corrupt to"
                                    + " the clean embedding; clean-corrupted at both ends; eap-ig-activations on the way"
                                    + " of every part's output in turn.")
                    EdgeMethod method,
            @Param(
                            label = "Steps",
                            min = 1,
                            max = 1000,
                            defaultValue = "5",
                            help = "Points on the way, for the two forms with integrated gradients.")
                    int steps,
            @Param(
                            label = "Examples",
                            min = 1,
                            max = 10_000,
                            defaultValue = "30",
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
                    double gap,
            @Param(
                            label = "Edges shown",
                            min = 1,
                            max = 100_000,
                            defaultValue = "50",
                            help = "How many edges the graph and the table show, largest scores of either sign first.")
                    int top) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("edge-attribution", "Edge attribution patching", AnalysisInfo.Area.ATTRIBUTE)
                .measures("How much every edge between two parts of the model matters for the answer, by first-order"
                        + " estimates of patching it alone.")
                .formula("score(u -> v) = sum over positions and features of (u_corrupt - u_clean) * g_v; LD ="
                        + " logit[answer] - logit[foil] at the last position; g_v = dLD / d(residual stream that v reads,"
                        + " before its norm). eap: g_v at the clean run. eap-ig: mean of g_v over k = 0 .. m-1 with the"
                        + " embedding e_corrupt + (k/m) (e_clean - e_corrupt). clean-corrupted: mean of g_v at both runs."
                        + " eap-ig-activations: mean over k with the output of u at u_corrupt + (k/m) (u_clean -"
                        + " u_corrupt)")
                .source("Syed et al. 2310.10348; Hanna et al. 2403.17806 and the EAP-IG program")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "eap, eap-ig and clean-corrupted as defined there; for eap-ig-activations every part is moved by"
                                + " itself, its details were not read. A score is negative when corrupting the edge lowers"
                                + " LD. The metric is LD itself, not a loss. Keys and values have one reader per key-value"
                                + " head. Scores of parts are sums over the edges that leave them. Examples of a task use"
                                + " first right answers.")
                .cost(
                        "Per batch of equal length four forwards, and a forward and a backward with one residual copy per head"
                                + " for eap; twice that for clean-corrupted, m times for eap-ig, m times the number of parts for"
                                + " eap-ig-activations.")
                .approximates("the change of the logit difference when a single edge is corrupted, to first order")
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
        // A backward pass is worth two forwards.
        return (parameters.task() == null ? 1 : parameters.count()) * (4 + 3.0 * gradients);
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
        List<Integer> largest = means.largest(parameters.top());
        var show = new EdgePanels(space);
        List<Panel> panels = new ArrayList<>();
        panels.add(show.graph(GRAPH, EdgePanels.SCORE, largest, means.means(), parts));
        panels.add(show.table(EDGES, largest, means));
        panels.add(show.heads(HEADS, means));
        panels.add(show.others(PARTS, means));
        panels.add(runs(space, parameters, pairs, scored, parts[0]));
        return Findings.of(panels, scored.receipts());
    }

    private static ContrastSet pairs(AnalysisContext context, Parameters given, Progress progress) {
        String task = given.task();
        ContrastSet.Draw draw = task == null
                ? null
                : new ContrastSet.Draw(task, given.split(), given.count(), given.gap(), context.seed());
        return new PairQuestion(given.clean(), given.corrupt(), given.answer(), given.foil())
                .set(context, draw, progress);
    }

    /**
     * Along the way of the embedding, the slopes at all readers of the input add up to the slope of the metric, so with many
     * steps of eap-ig the scores of its edges add up to the whole difference; the share tells how far from that it is.
     */
    private static Table runs(
            EdgeSpace space, Parameters given, ContrastSet pairs, EdgeScorer.Scored scored, double input) {
        double clean = Arrays.stream(scored.clean()).average().orElseThrow();
        double corrupt = Arrays.stream(scored.corrupt()).average().orElseThrow();
        String method = given.method().name().toLowerCase(Locale.ROOT).replace('_', '-');
        boolean steps = given.method() == EdgeMethod.EAP_IG || given.method() == EdgeMethod.EAP_IG_ACTIVATIONS;
        List<Table.Column> columns = List.of(
                Table.Column.text("of"),
                Table.Column.text("method"),
                Table.Column.integer("steps"),
                Table.Column.integer("pairs drawn"),
                Table.Column.integer("pairs used"),
                Table.Column.integer("edges"),
                Table.Column.number("mean clean logit difference", "logits"),
                Table.Column.number("mean corrupt logit difference", "logits"),
                Table.Column.number("edges from the input, share of the gap", ""));
        List<Object> row = List.of(
                given.task() == null
                        ? "the two prompts"
                        : given.task() + ", " + given.split().word(),
                method,
                steps ? given.steps() : 0,
                pairs.drawn(),
                pairs.size(),
                space.size(),
                clean,
                corrupt,
                input / (corrupt - clean));
        return new Table(RUNS, columns, List.of(row));
    }
}
