package org.headscope.analysis.attribution;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.Panel;
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
import org.headscope.hooks.config.Dims;
import org.jspecify.annotations.Nullable;

/** Which attention weights an answer rests on: their gradient, integrated while all heads of the layer grow together. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttentionIntegratedGradients implements Analysis<AttentionIntegratedGradients.Parameters, Findings> {
    /** Title of the panel of the largest attribution of each head. */
    public static final String IMPORTANCE = "Largest attention attribution";
    /** Title of the panel of sums over all weights of each head. */
    public static final String SUM = "Sum of attention attributions";
    /** Title of the table that compares the sum of a layer with what the layer does. */
    public static final String CHECK = "Completeness";
    /** Title of the maps of single weights. */
    public static final String MAP = "Attention attribution";

    private static final int LONGEST_MAP = 64;

    /**
     * Parameters.
     *
     * @param prompt what the model reads; null for a task
     * @param answer right next token of the prompt
     * @param foil token whose logit is subtracted; null for the probability of the answer
     * @param task whose examples are read instead
     * @param split from which part they are drawn
     * @param count how many
     * @param steps points of the path
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") @Nullable Prompt prompt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") @Nullable
                    Prompt answer,
            @Param(
                            label = "Foil",
                            help = "Token whose logit is subtracted; without one, the probability of the answer is"
                                    + " attributed.")
                    @Nullable
                    Prompt foil,
            @Param(
                            label = "Task",
                            choices = TaskRegistry.Ids.class,
                            help = "Whose examples are read in place of a prompt.")
                    @Nullable
                    String task,
            @Param(label = "Examples from", defaultValue = "train", help = "Which part of the task.") Split split,
            @Param(
                            label = "Examples",
                            defaultValue = "30",
                            min = 1,
                            max = 1000,
                            help = "How many examples of the task.")
                    int count,
            @Param(
                            label = "Steps",
                            defaultValue = "20",
                            min = 1,
                            max = 1000,
                            help = "Points of the path from no attention on.")
                    int steps)
            implements Question.Form {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of(
                        "attention-integrated-gradients",
                        "Integrated gradients of attention",
                        AnalysisInfo.Area.ATTRIBUTE)
                .measures(
                        "How much of an answer rests on each attention weight, and the largest such share of each head.")
                .formula(
                        "Attr_h = A_h * (1/m) sum over k = 1..m of dF((k/m) A)/dA_h, A the attention probabilities of one"
                                + " layer, all its heads scaled together; head importance = mean over examples of max(Attr_h)."
                                + " F = logit[answer] - logit[foil], or the probability of the answer, at the last position")
                .source("Hao et al. 2004.11207 (AttAttr)")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "The formula is known at second hand; the paper attributes class probabilities of an encoder, here"
                                + " it is the next token of a decoder. Layers above see what the scaled layer writes;"
                                + " rows of a scaled pattern no longer add up to 1. Attributions of a layer add up to"
                                + " F(A) - F(0) as steps grow, see the table. Maps are shown for a single prompt of at"
                                + " most 64 tokens.")
                .cost("Layers x steps forwards and backwards per example, batched, and one forward per layer.")
                .approximates("the integral of the gradient, exact as steps grow")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        int examples = parameters.task() == null ? 1 : parameters.count();
        // A backward pass costs about two forwards, from the scaled layer on one on average.
        return examples * context.model().config().dims().layers() * (2.0 * parameters.steps() + 0.5);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        List<Question> questions = Question.of(context, parameters);
        var tally = new ReceiptTally();
        List<AttentionAttribution> found = new ArrayList<>();
        boolean maps = parameters.task() == null && questions.get(0).ids().length <= LONGEST_MAP;
        for (Question question : questions) {
            progress.report(found.size(), questions.size(), "attributing attention");
            found.add(AttentionAttribution.of(context, question, parameters.steps(), maps, tally, progress));
        }
        return Findings.of(panels(context, questions, found, maps), tally.summaries());
    }

    private static List<Panel> panels(
            AnalysisContext context, List<Question> questions, List<AttentionAttribution> found, boolean maps) {
        Dims dims = context.model().config().dims();
        String unit = questions.get(0).unit();
        List<double[]> largest =
                found.stream().map(AttentionAttribution::largest).toList();
        List<double[]> sums = found.stream().map(AttentionAttribution::sums).toList();
        List<Panel> panels = new ArrayList<>();
        panels.add(new HeadSample(dims, largest, context.seed())
                .panel(IMPORTANCE, Quantity.unsigned("largest attribution", unit)));
        panels.add(new HeadSample(dims, sums, context.seed()).panel(SUM, Quantity.signed("sum of attributions", unit)));
        panels.add(check(dims, found, unit));
        if (maps) {
            List<String> labels = questions.get(0).labels();
            Grid grid = Grid.of(
                    List.of(
                            Axis.layers(dims.layers()),
                            Axis.heads(dims.heads()),
                            Axis.labelled(Axis.QUERY, labels),
                            Axis.labelled(Axis.KEY, labels)),
                    found.get(0).map());
            panels.add(new AttentionMap(MAP, Quantity.signed("attribution", unit), grid));
        }
        return panels;
    }

    /** Means over examples; the error is the mean size. */
    private static Table check(Dims dims, List<AttentionAttribution> found, String unit) {
        List<List<Object>> rows = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            int from = layer * dims.heads();
            double sum = 0;
            double truth = 0;
            double error = 0;
            for (AttentionAttribution one : found) {
                double own = IntStream.range(from, from + dims.heads())
                        .mapToDouble(head -> one.sums()[head])
                        .sum();
                double moved = one.moved()[layer];
                sum += own / found.size();
                truth += moved / found.size();
                error += Math.abs(own - moved) / found.size();
            }
            rows.add(List.of(layer, sum, truth, error));
        }
        return new Table(
                CHECK,
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.number("sum of attributions", unit),
                        Table.Column.number("F(A) - F(0)", unit),
                        Table.Column.number("size of the error", unit)),
                rows);
    }
}
