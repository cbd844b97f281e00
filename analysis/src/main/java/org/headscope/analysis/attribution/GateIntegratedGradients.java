package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;
import org.jspecify.annotations.Nullable;

/** The gradient of a gate on each head, integrated while the gate opens: what the head is worth, slope by slope. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class GateIntegratedGradients implements Analysis<GateIntegratedGradients.Parameters, Findings> {
    /** Title of the panel of integrals. */
    public static final String INTEGRAL = "Integrated gradient of the gate";
    /** Title of the panel of what they must add up to. */
    public static final String REMOVED = "Lost by zero ablation";
    /** Title of the panel of slopes at the open gate. */
    public static final String SLOPE = "Slope at the open gate";
    /** Title of the table that compares the first two. */
    public static final String CHECK = "Completeness";

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
                                    + " integrated.")
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
                            defaultValue = "10",
                            min = 1,
                            max = 1000,
                            help = "How many examples of the task.")
                    int count,
            @Param(label = "Steps", defaultValue = "8", min = 1, max = 1000, help = "Midpoints of the path of a gate.")
                    int steps)
            implements Question.Form {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of(
                        "gate-integrated-gradients", "Integrated gradients of gates", AnalysisInfo.Area.ATTRIBUTE)
                .measures("What each head is worth to an answer: the slope of a gate on it, added up while it opens.")
                .formula("IG_h = integral over g from 0 to 1 of dM/dg, z_h -> g z_h at all positions, every other head"
                        + " whole and recomputed; midpoint rule with m steps. M = logit[answer] - logit[foil], or the"
                        + " probability of the answer, at the last position. Completeness: IG_h = M(1) - M(0)")
                .source("Sundararajan et al. 1703.01365 (integrated gradients and completeness), on the gates of"
                        + " Michel et al. 1905.10650")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "With one gate moving at a time the integral is minus the effect of zero ablation, which costs far"
                                + " less: the method shows where between 0 and 1 a head acts, and checks gradients. For"
                                + " a task the foil is the answer of the corrupt twin.")
                .cost(
                        "Layers x heads x steps forwards and backwards per example, batched, and one zero ablation per head.")
                .approximates("what zero ablation takes, exact as steps grow")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        Dims dims = context.model().config().dims();
        int examples = parameters.task() == null ? 1 : parameters.count();
        // A backward pass costs about two forwards, from the layer of the head on one on average.
        return examples * dims.layers() * dims.heads() * (2.0 * parameters.steps() + 0.5);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        List<Question> questions = Question.of(context, parameters);
        var tally = new ReceiptTally();
        List<double[]> integrals = new ArrayList<>();
        List<double[]> lost = new ArrayList<>();
        List<double[]> slopes = new ArrayList<>();
        List<ReceiptSummary> receipts = new ArrayList<>();
        for (Question question : questions) {
            progress.report(integrals.size(), questions.size(), "opening gates");
            var request = StandingRun.of(context, TokenBatch.of(new int[][] {question.ids()}))
                    .lastLogits();
            slopes.add(GateSlopes.of(context, request, question.summed()).byPrompt()[0]);
            integrals.add(integrals(context, question, parameters.steps(), tally, progress));
            lost.add(lost(context, question, "zero ablation " + lost.size(), progress, receipts));
        }
        receipts.addAll(tally.summaries());
        Dims dims = context.model().config().dims();
        Quantity quantity = Quantity.signed("contribution", questions.get(0).unit());
        return Findings.of(
                List.of(
                        new HeadSample(dims, integrals, context.seed()).panel(INTEGRAL, quantity),
                        new HeadSample(dims, lost, context.seed()).panel(REMOVED, quantity),
                        new HeadSample(dims, slopes, context.seed()).panel(SLOPE, quantity),
                        check(integrals, lost, parameters.steps())),
                receipts);
    }

    private static double[] integrals(
            AnalysisContext context, Question question, int steps, ReceiptTally tally, Progress progress) {
        Dims dims = context.model().config().dims();
        double[] integrals = new double[dims.layers() * dims.heads()];
        for (int layer = 0; layer < dims.layers(); layer++) {
            var path = new ScaledPath(context, question, HookSite.of(SiteKind.Z, layer));
            int all = dims.heads() * steps;
            int atOnce = path.rowsAtOnce();
            for (int from = 0; from < all; from += atOnce) {
                progress.checkCancelled();
                int[] points =
                        IntStream.range(from, Math.min(all, from + atOnce)).toArray();
                add(path, points, steps, integrals, tally);
            }
        }
        return integrals;
    }

    /** Point {@code p} of a layer opens head {@code p / steps} to the midpoint of step {@code p % steps}. */
    private static void add(ScaledPath path, int[] points, int steps, double[] integrals, ReceiptTally tally) {
        int heads = path.context().model().config().dims().heads();
        float[][] gates = new float[points.length][heads];
        for (int row = 0; row < points.length; row++) {
            Arrays.fill(gates[row], 1);
            gates[row][points[row] / steps] = (points[row] % steps + 0.5f) / steps;
        }
        try (Gradients.Result result = path.slopes(gates);
                NDManager temporary = result.manager().newSubManager()) {
            NDArray z = Alias.of(result.activations().get(path.site()), temporary);
            float[] products = z.mul(result.gradients().get(path.site()))
                    .sum(new int[] {1, 3})
                    .toFloatArray();
            for (int row = 0; row < points.length; row++) {
                int head = points[row] / steps;
                // <g z, dM/d(g z)> is g dM/dg.
                integrals[path.site().layer() * heads + head] +=
                        products[row * heads + head] / gates[row][head] / steps;
            }
            tally.add(result.receipts());
        }
    }

    /** The metric less that without each head. */
    private static double[] lost(
            AnalysisContext context, Question question, String name, Progress progress, List<ReceiptSummary> receipts) {
        Dims dims = context.model().config().dims();
        List<SweepCell> cells = IntStream.range(0, dims.layers() * dims.heads())
                .mapToObj(head -> SweepCell.of(new Intervention.Ablate(
                        new Target.Head(head / dims.heads(), head % dims.heads()), new Ablation.Zero())))
                .toList();
        try (BaseRun base =
                BaseRun.of(context.model(), TokenBatch.of(new int[][] {question.ids()}), context.standing())) {
            ResumableSweep.Outcome outcome =
                    new ResumableSweep(context, progress, name, values -> {}).run(base, cells, question.swept());
            receipts.add(outcome.receipts().summary(name, "blocks.*.attn.hook_z"));
            return Arrays.stream(outcome.values())
                    .map(value -> outcome.base() - value)
                    .toArray();
        }
    }

    private static Table check(List<double[]> integrals, List<double[]> lost, int steps) {
        double largest = 0;
        double error = 0;
        for (int example = 0; example < lost.size(); example++) {
            for (int head = 0; head < lost.get(example).length; head++) {
                double truth = lost.get(example)[head];
                largest = Math.max(largest, Math.abs(truth));
                error = Math.max(error, Math.abs(integrals.get(example)[head] - truth));
            }
        }
        return new Table(
                CHECK,
                List.of(
                        Table.Column.integer("examples"),
                        Table.Column.integer("steps"),
                        Table.Column.number("largest loss by zero ablation", ""),
                        Table.Column.number("largest error of an integral", "")),
                List.of(List.of(lost.size(), steps, largest, error)));
    }
}
