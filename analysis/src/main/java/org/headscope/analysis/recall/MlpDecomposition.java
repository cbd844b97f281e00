package org.headscope.analysis.recall;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.headscope.analysis.patching.EndActivations;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;

/** How much of an MLP's output at the last position is a reweighting of what heads wrote before it, and what else it adds. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class MlpDecomposition implements Analysis<MlpDecomposition.Parameters, Findings> {
    static final String WEIGHTS = "Weight of each head in the MLP's output";
    static final String FIT = "Fit of every MLP";
    static final String BIAS = "What the bias says for the answers";
    static final String TOKENS = "Tokens that the bias raises most";
    private static final int DRAWS = 100;
    private static final double LEVEL = 0.95;
    private static final int SHOWN = 12;

    /**
     * Parameters.
     *
     * @param task whose examples are read
     * @param layer of the MLP that is shown
     * @param count training examples
     * @param heldOut held-out examples
     * @param ridge penalty
     */
    public record Parameters(
            @Param(
                            label = "Task",
                            choices = TaskRegistry.Ids.class,
                            defaultValue = "capital",
                            help = "Whose examples are read.")
                    String task,
            @Param(
                            label = "Layer",
                            defaultValue = "-1",
                            help = "The MLP whose weights are shown; negative counts from the end.")
                    int layer,
            @Param(label = "Examples", defaultValue = "200", min = 10, max = 5000, help = "Examples that are fitted.")
                    int count,
            @Param(
                            label = "Held-out examples",
                            defaultValue = "100",
                            min = 2,
                            max = 5000,
                            help = "Examples that the fit is judged on.")
                    int heldOut,
            @Param(
                            label = "Ridge",
                            defaultValue = "0.001",
                            min = 0,
                            help = "Penalty on squared weights, as a share of the mean squared length of a regressor.")
                    double ridge) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("mlp-decomposition", "MLP output from heads", AnalysisInfo.Area.ATTRIBUTE)
                .measures(
                        "How much of what an MLP adds at the last position amplifies or erases what single heads wrote.")
                .formula(
                        "m_i ~ sum_h w_h r_hi + b over examples i, r_hi = z_h W_O[h] at the last position, w_h a number, b a"
                                + " vector, ridge on w; w > 0 amplifies head h, w = -1 erases it. R2 = 1 - sum |m - fit|2 /"
                                + " sum |m - mean of training m|2, on fitted and on held-out examples")
                .source("Lv et al. 2403.19521 (the idea)")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "Reconstructed from the abstract and second-hand accounts: scalar weights, shared bias and least"
                                + " squares are theirs, ridge, centring and the choice of regressors are ours. Regressors are"
                                + " all heads that the MLP can see: those of earlier layers and, unless attention and MLP run in"
                                + " parallel, of its own. Embedding and earlier MLPs are none. Intervals: refits of 100"
                                + " resamples of the examples. Weights describe, they do not prove a cause.")
                .cost("One forward per example, and one regression per layer and resample.")
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
        return parameters.count() + parameters.heldOut();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        refuse(context.model());
        progress.report(0, 0, "drawing examples");
        return decompose(
                context,
                parameters,
                new Sets(
                        draw(context, parameters, Split.TRAIN, parameters.count()),
                        draw(context, parameters, Split.HELD_OUT, parameters.heldOut())),
                progress);
    }

    /** Examples to fit and examples to judge. */
    record Sets(List<EncodedExample> train, List<EncodedExample> heldOut) {
        Set<Integer> answers() {
            Set<Integer> tokens = new LinkedHashSet<>();
            train.forEach(example -> tokens.add(example.answers()[0]));
            heldOut.forEach(example -> tokens.add(example.answers()[0]));
            return tokens;
        }
    }

    private static List<EncodedExample> draw(AnalysisContext context, Parameters parameters, Split split, int count) {
        List<EncodedExample> drawn = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(parameters.task()), split, count, context.seed());
        drawn.forEach(
                example -> example.requireFits(context.model().config().dims().context()));
        return drawn;
    }

    /** The analysis on given examples. */
    static Findings decompose(AnalysisContext context, Parameters parameters, Sets sets, Progress progress) {
        Dims dims = context.model().config().dims();
        int shown = layer(parameters.layer(), dims.layers());
        if (seen(context.model(), shown) == 0) {
            throw ParameterException.refused(
                    "layer", Integer.toString(parameters.layer()), "a later layer: no head comes before this MLP");
        }
        EndActivations train = ends(context, sets.train(), progress);
        EndActivations judged = ends(context, sets.heldOut(), progress);
        float[][] trainWrites = HeadWrites.of(context, train, dims.layers() - 1);
        float[][] judgedWrites = HeadWrites.of(context, judged, dims.layers() - 1);
        List<List<Object>> fits = new ArrayList<>();
        List<Panel> panels = new ArrayList<>();
        for (int l = 0; l < dims.layers(); l++) {
            progress.checkCancelled();
            int seen = seen(context.model(), l);
            if (seen == 0) {
                continue;
            }
            float[][] regressors = Arrays.copyOf(trainWrites, seen);
            var regression = new VectorRegression(regressors, HeadWrites.mlp(train, l, dims.dModel()), dims.dModel());
            VectorRegression.Fit fit = regression.fit(parameters.ridge());
            float[] target = HeadWrites.mlp(judged, l, dims.dModel());
            float[][] others = Arrays.copyOf(judgedWrites, seen);
            fits.add(List.of(
                    l,
                    seen,
                    fit.explained(regressors, HeadWrites.mlp(train, l, dims.dModel())),
                    fit.explained(others, target)));
            if (l == shown) {
                panels.add(weights(context, parameters, regression, fit));
                panels.addAll(bias(context, sets, fit, new Judged(others, target)));
            }
            progress.report(l + 1L, dims.layers(), "regressions");
        }
        panels.add(Math.min(1, panels.size()), fitTable(fits));
        ReceiptSums receipts = new ReceiptSums();
        receipts.add(train.receipts());
        receipts.add(judged.receipts());
        return Findings.of(panels, receipts.all());
    }

    /** Held-out regressors and targets. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Judged(float[][] regressors, float[] target) {}

    private static EndActivations ends(AnalysisContext context, List<EncodedExample> examples, Progress progress) {
        return EndActivations.of(
                context, examples.stream().map(EncodedExample::clean).toList(), progress);
    }

    /** How many heads an MLP can see. */
    private static int seen(HookedTransformer model, int layer) {
        boolean parallel = model.config().block().arrangement() == Arrangement.PARALLEL;
        return (parallel ? layer : layer + 1) * model.config().dims().heads();
    }

    private static int layer(int given, int layers) {
        int layer = given < 0 ? layers + given : given;
        if (layer < 0 || layer >= layers) {
            throw ParameterException.refused(
                    "layer", Integer.toString(given), "a layer from 0 to " + (layers - 1) + ", or -1 for the last");
        }
        return layer;
    }

    private static HeadGrid weights(
            AnalysisContext context, Parameters parameters, VectorRegression regression, VectorRegression.Fit fit) {
        Dims dims = context.model().config().dims();
        SplittableRandom random = new SplittableRandom(context.seed());
        double[][] draws = new double[DRAWS][];
        for (int draw = 0; draw < DRAWS; draw++) {
            int[] which = random.ints(regression.cases(), 0, regression.cases()).toArray();
            draws[draw] = regression.fit(which, parameters.ridge()).weights();
        }
        double[] lower = new double[fit.weights().length];
        double[] upper = new double[fit.weights().length];
        for (int h = 0; h < lower.length; h++) {
            int head = h;
            double[] sorted = Arrays.stream(draws)
                    .mapToDouble(draw -> draw[head])
                    .sorted()
                    .toArray();
            lower[h] = sorted[(int) Math.floor((1 - LEVEL) / 2 * (DRAWS - 1))];
            upper[h] = sorted[(int) Math.ceil((1 + LEVEL) / 2 * (DRAWS - 1))];
        }
        return new HeadGrid(
                WEIGHTS,
                Quantity.signed("weight", ""),
                grid(dims, fit.weights()),
                new Interval(LEVEL, DRAWS + " refits of resampled examples", grid(dims, lower), grid(dims, upper)));
    }

    /** Heads that the MLP cannot see are blank. */
    private static Grid grid(Dims dims, double[] weights) {
        double[] all = new double[dims.layers() * dims.heads()];
        Arrays.fill(all, Double.NaN);
        System.arraycopy(weights, 0, all, 0, weights.length);
        return Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), all);
    }

    private static Table fitTable(List<List<Object>> rows) {
        return new Table(
                FIT,
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("heads it sees"),
                        Table.Column.number("R2", ""),
                        Table.Column.number("R2 held out", "")),
                rows);
    }

    private static List<Panel> bias(AnalysisContext context, Sets sets, VectorRegression.Fit fit, Judged judged) {
        VocabularyReading bias = VocabularyReading.of(context.model(), fit.bias());
        Set<Integer> answers = sets.answers();
        double raised = answers.stream()
                .mapToDouble(token -> bias.logits()[token])
                .average()
                .orElse(Double.NaN);
        double own = 0;
        double left = 0;
        for (int i = 0; i < sets.heldOut().size(); i++) {
            int answer = sets.heldOut().get(i).answers()[0];
            own += bias.logits()[answer] / sets.heldOut().size();
            double[] residual = fit.residual(judged.regressors, judged.target, i);
            left += VocabularyReading.of(context.model(), residual).logits()[answer]
                    / sets.heldOut().size();
        }
        Table said = new Table(
                BIAS,
                List.of(
                        Table.Column.integer("different answers"),
                        Table.Column.number("separates answers from other tokens", ""),
                        Table.Column.number("mean over answers", "up to the norm's scale"),
                        Table.Column.number("on the right answer, held out", "up to the norm's scale"),
                        Table.Column.number("what is left, on the right answer, held out", "up to the norm's scale")),
                List.of(List.of(answers.size(), bias.separates(answers), raised, own, left)));
        List<List<Object>> tokens = Arrays.stream(bias.top(SHOWN))
                .<List<Object>>mapToObj(token -> List.of(
                        context.prompts().show(token), bias.logits()[token], answers.contains(token) ? "yes" : "no"))
                .toList();
        return List.of(
                said,
                new Table(
                        TOKENS,
                        List.of(
                                Table.Column.text("token"),
                                Table.Column.number("raised by", "up to the norm's scale"),
                                Table.Column.text("an answer")),
                        tokens));
    }

    private static void refuse(HookedTransformer model) {
        String why = null;
        if (!model.config().block().hasMlp()) {
            why = "it has no MLPs";
        } else if (model.config().block().arrangement() == Arrangement.POST_NORM
                || model.weights().blocks().stream()
                        .anyMatch(block -> block.norms().ln1Post() != null)) {
            why = "norms stand between its heads and the residual stream, so what a head writes is not z W_O";
        } else if (model.weights().unembed().project() != null
                || model.weights().unembed().dense() != null) {
            why = "a layer stands between its residual stream and the unembedding";
        }
        if (why != null) {
            throw new HeadscopeException("MLP outputs of this " + model.config().family()
                    + " model cannot be decomposed: " + why + ". Use path-patch with MLPs as senders.");
        }
    }
}
