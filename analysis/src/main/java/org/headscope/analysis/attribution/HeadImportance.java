package org.headscope.analysis.attribution;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.result.Findings;
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

/** How strongly the loss would react to turning each head down a little (Michel et al. 2019). */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadImportance implements Analysis<HeadImportance.Parameters, Findings> {
    /** Title of the panel of importances, each layer with an l2 norm of 1. */
    public static final String NORMALISED = "Head importance, normalised per layer";
    /** Title of the panel of importances in nats, with their interval. */
    public static final String IMPORTANCE = "Head importance";
    /** Title of the panel of mean slopes, which may cancel over examples. */
    public static final String SLOPE = "Mean slope of the loss by the gate";

    /**
     * Parameters.
     *
     * @param task whose examples are asked; null for a text
     * @param text what is read instead; null for a task
     * @param split from which part the examples are drawn
     * @param count how many examples, or pieces of the text at most
     * @param length tokens of each piece of the text
     */
    public record Parameters(
            @Param(
                            label = "Task",
                            choices = TaskRegistry.Ids.class,
                            help = "Whose examples are asked; the loss is that of the right answers.")
                    @Nullable
                    String task,
            @Param(label = "Text", help = "What is read in place of a task; the loss is that of every next token.")
                    @Nullable
                    Prompt text,
            @Param(
                            label = "Examples from",
                            defaultValue = "train",
                            help = "Which part of a task the examples come from: choose heads on train, report on"
                                    + " held-out.")
                    Split split,
            @Param(
                            label = "Examples",
                            defaultValue = "50",
                            min = 1,
                            max = 10_000,
                            help = "How many examples, or pieces of the text at most.")
                    int count,
            @Param(
                            label = "Length",
                            unit = "tokens",
                            defaultValue = "64",
                            min = 2,
                            help = "Into pieces of how many tokens a text is cut; each is an example.")
                    int length) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-importance", "Head importance", AnalysisInfo.Area.ATTRIBUTE)
                .measures("How strongly the loss of an example reacts to turning a head down a little, up or down.")
                .formula("I_h = mean over examples of |dLoss/dg_h| at g_h = 1, z_h -> g_h z_h at all positions, so"
                        + " dLoss/dg_h = sum over positions of <z_h, dLoss/dz_h>. Normalised: I_h / sqrt(sum over the"
                        + " heads of the layer of I^2). Loss: -ln p(right answers), or mean next-token cross-entropy")
                .source("Michel et al. 1905.10650")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The size is taken per example, after positions are summed, so that examples cannot cancel. Gates"
                                + " are on query heads; a key-value head is removable only with its whole group. Heads"
                                + " are ranked by slope at the full model: what a removed head costs is for"
                                + " task-head-ablation to say. Intervals cover the choice of examples; in the normalised"
                                + " panel the norm of the layer is held.")
                .cost("One forward and one backward per example, in batches of equal length.")
                .approximates("the size of what task-head-ablation finds, to first order at the full model")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean scoresHeads() {
        return true;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        // A backward pass costs about two forwards; how many pieces a text has is not known before it is encoded.
        return parameters.task() == null ? Double.NaN : 3.0 * parameters.count();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        progress.report(0, 0, "drawing examples");
        List<LossBatches> batches = LossBatches.of(context, parameters);
        int all = batches.stream().mapToInt(LossBatches::size).sum();
        List<double[]> slopes = new ArrayList<>();
        ReceiptTally receipts = new ReceiptTally();
        double loss = 0;
        for (LossBatches batch : batches) {
            progress.checkCancelled();
            GateSlopes found = GateSlopes.of(context, batch.request(), batch.loss());
            slopes.addAll(Arrays.asList(found.byPrompt()));
            loss += found.metric() / all;
            receipts.add(found.receipts());
            progress.report(slopes.size(), all, "slopes of the loss");
        }
        return Findings.of(panels(context, parameters, slopes, loss), receipts.summaries());
    }

    private static List<Panel> panels(
            AnalysisContext context, Parameters parameters, List<double[]> slopes, double loss) {
        Dims dims = context.model().config().dims();
        List<double[]> sizes = slopes.stream()
                .map(one -> Arrays.stream(one).map(Math::abs).toArray())
                .toList();
        HeadSample importance = new HeadSample(dims, sizes, context.seed());
        HeadSample signed = new HeadSample(dims, slopes, context.seed());
        return List.of(
                importance.scaled(norms(dims, importance.means()), NORMALISED, Quantity.unsigned("importance", "")),
                importance.panel(IMPORTANCE, Quantity.unsigned("size of the slope", "nats")),
                signed.panel(SLOPE, Quantity.signed("slope", "nats")),
                new Table(
                        "Examples",
                        List.of(
                                Table.Column.text("read"),
                                Table.Column.integer("examples"),
                                Table.Column.number("mean loss", "nats")),
                        List.of(List.of(
                                parameters.task() == null
                                        ? "pieces of a text"
                                        : parameters.task() + ", "
                                                + parameters.split().word(),
                                slopes.size(),
                                loss))));
    }

    /** The l2 norm of each layer, once per head; 1 for a layer without any importance, whose heads then stay at 0. */
    private static double[] norms(Dims dims, double[] means) {
        double[] norms = new double[means.length];
        for (int head = 0; head < means.length; head++) {
            int first = head - head % dims.heads();
            double squares = Arrays.stream(means, first, first + dims.heads())
                    .map(mean -> mean * mean)
                    .sum();
            norms[head] = squares == 0 ? 1 : Math.sqrt(squares);
        }
        return norms;
    }
}
