package org.headscope.analysis.recall;

import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.headscope.analysis.attribution.AnswerContributions;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.metric.LogitAboveMean;
import org.headscope.analysis.patching.EndActivations;
import org.headscope.analysis.patching.ExamplePaths;
import org.headscope.analysis.patching.ExampleProgress;
import org.headscope.analysis.patching.PathPatching.Mlps;
import org.headscope.analysis.patching.PathSender;
import org.headscope.analysis.patching.SenderMeans;
import org.headscope.analysis.reading.EndAttention;
import org.headscope.analysis.result.Findings;
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
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;

/** Which heads and MLPs a calculation needs, what the heads look at, and what happens without them. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class ArithmeticHeads implements Analysis<ArithmeticHeads.Parameters, Findings> {
    static final String IMPORTANCE = "Relative importance for the result";
    static final String MLPS = "Relative importance of MLPs";
    static final String OPERANDS = "Attention to the operands";
    static final String OPERATOR = "Attention to the operator";
    static final String HEADS = "Most important heads";
    static final String DIRECT = "Direct contribution of MLPs to the result";
    static final String EXAMPLES = "Examples";

    /** What of a prompt the counterfactual one lacks. */
    public enum Counterfactual {
        /** An unrelated word stands in place of the operator. */
        OPERATOR,
        /** Unrelated words stand in place of operator and operands. */
        CALCULATION
    }

    /**
     * Parameters.
     *
     * @param task addition or subtraction
     * @param count training examples that heads are chosen on
     * @param heldOut held-out examples that are reported
     * @param sizes numbers of heads that are knocked out
     * @param counterfactual what of the prompt is destroyed
     * @param controls random sets of heads per size
     * @param least examples whose result stands out less are skipped
     */
    public record Parameters(
            @Param(
                            label = "Task",
                            choices = TaskRegistry.Ids.class,
                            defaultValue = "addition",
                            help = "What is calculated: addition or subtraction.")
                    String task,
            @Param(
                            label = "Examples",
                            defaultValue = "80",
                            min = 2,
                            max = 5000,
                            help = "Training examples that heads are chosen on.")
                    int count,
            @Param(
                            label = "Held-out examples",
                            defaultValue = "150",
                            min = 2,
                            max = 5000,
                            help = "Held-out examples that are asked without these heads.")
                    int heldOut,
            @Param(
                            label = "Numbers of heads",
                            defaultValue = "1,2,3,5,8",
                            min = 1,
                            help = "How many of the most important heads are knocked out.")
                    List<Integer> sizes,
            @Param(
                            label = "Counterfactual",
                            defaultValue = "calculation",
                            help = "What unrelated words replace: the operator, or the whole calculation.")
                    Counterfactual counterfactual,
            @Param(
                            label = "Controls",
                            defaultValue = "19",
                            min = 1,
                            help = "Number of random sets per number of heads.")
                    int controls,
            @Param(
                            label = "Smallest metric",
                            unit = "logits",
                            min = 1e-3,
                            defaultValue = "1",
                            help = "Examples are skipped where the result's logit is less above the mean logit.")
                    double least) {
        /** Copies the list. */
        public Parameters {
            sizes = List.copyOf(sizes);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("arithmetic-heads", "Arithmetic heads", AnalysisInfo.Area.DETECT)
                .measures(
                        "Which heads and MLPs a calculation needs, whether the heads look at operands and operator, and what"
                                + " accuracy is left without them.")
                .formula(
                        "M = logit[result] - mean logit at the last position. importance = (M_patched - M) / M, sender's output"
                                + " at the last position from the counterfactual prompt, all other heads frozen, MLPs recomputed; mean"
                                + " over training examples, most negative first. Knock-out: z = its mean over counterfactual prompts,"
                                + " position by position; p = (1 + number of random sets at least as harmful) / (1 + n), held out")
                .source("Zhang et al. 2409.01659")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "Reconstructed from the abstract and reviews. The form of the importance is theirs; the logit above the"
                                + " mean in place of the bare logit, the words that destroy the cue, knocking out at all"
                                + " positions with means of held-out counterfactual prompts, and all sizes are ours.")
                .cost(
                        "Per training example five forwards, and the MLPs behind each sender at one position; one forward per"
                                + " held-out example and set of heads.")
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
        double senders = PathSender.alone(context.model().config()).size();
        return parameters.count() * (5 + senders / 30)
                + parameters.heldOut() * (3 + (double) parameters.sizes().size() * (1 + parameters.controls()));
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        requireSizes(context.model().config().dims(), parameters.sizes());
        progress.report(0, 0, "drawing examples");
        boolean numbersToo = parameters.counterfactual() == Counterfactual.CALCULATION;
        List<Calculation> train =
                Calculation.draw(context, parameters.task(), Split.TRAIN, parameters.count(), numbersToo);
        List<Calculation> heldOut =
                Calculation.draw(context, parameters.task(), Split.HELD_OUT, parameters.heldOut(), numbersToo);
        Tally tally = new Tally(context.model().config());
        EndActivations counterfactual = EndActivations.of(
                context, train.stream().map(Calculation::counterfactual).toList(), progress);
        for (int i = 0; i < train.size(); i++) {
            progress.checkCancelled();
            var part = new ExampleProgress(progress, i, train.size(), "following heads, example");
            try (NDManager owner = context.model().newManager()) {
                ExamplePaths.Followed followed = new ExamplePaths(
                                context, PathSender.alone(context.model().config()), Mlps.RECOMPUTED)
                        .follow(
                                train.get(i).example().clean(),
                                counterfactual.one(i, owner),
                                List.of(new LogitAboveMean(
                                        train.get(i).example().answers()[0])),
                                part.title(),
                                part);
                tally.add(context, train.get(i), followed, parameters.least());
            }
            part.finished(1);
        }
        tally.requireAny(parameters);
        return findings(context, parameters, tally, heldOut, progress);
    }

    private static void requireSizes(Dims dims, List<Integer> sizes) {
        int most = dims.layers() * dims.heads() / 2;
        if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size > most)) {
            throw ParameterException.refused(
                    "sizes", sizes.toString(), "one or more numbers up to " + most + ", half of this model's heads");
        }
    }

    private static Findings findings(
            AnalysisContext context, Parameters parameters, Tally tally, List<Calculation> heldOut, Progress progress) {
        Dims dims = context.model().config().dims();
        long seed = context.seed();
        Quantity share = Quantity.unsigned("share of attention", "");
        List<Panel> panels = new ArrayList<>(List.of(
                tally.importance.heads(IMPORTANCE, Quantity.signed("relative change of the metric", ""), seed),
                tally.importance.mlps(MLPS, "", seed),
                tally.operands.heads(OPERANDS, share, seed),
                tally.operator.heads(OPERATOR, share, seed),
                tally.table(dims),
                tally.direct.mlps(DIRECT, "logits", seed),
                examples(parameters, tally)));
        panels.add(ResultLens.curve(
                context, heldOut.stream().map(Calculation::example).toList(), progress));
        var knockOut = new KnockOut(context, heldOut, tally.receipts, progress);
        panels.addAll(knockOut.panels(tally.ranked(dims), parameters.sizes(), parameters.controls()));
        return Findings.of(panels, tally.receipts.all());
    }

    private static Table examples(Parameters parameters, Tally tally) {
        return new Table(
                EXAMPLES,
                List.of(
                        Table.Column.text("task"),
                        Table.Column.text("replaced"),
                        Table.Column.integer("training examples"),
                        Table.Column.integer("skipped for a small metric"),
                        Table.Column.integer("held-out examples"),
                        Table.Column.number("mean metric", "logits")),
                List.of(List.of(
                        parameters.task(),
                        parameters.counterfactual().name().toLowerCase(Locale.ROOT),
                        tally.importance.size(),
                        tally.skipped,
                        parameters.heldOut(),
                        tally.metrics / tally.importance.size())));
    }

    /** Everything that is averaged over training examples. */
    private static final class Tally {
        private static final int SHOWN = 10;

        private final SenderMeans importance;
        private final SenderMeans operands;
        private final SenderMeans operator;
        private final SenderMeans direct;
        private final ReceiptSums receipts = new ReceiptSums();
        private double metrics;
        private int skipped;

        private Tally(ModelConfig config) {
            this.importance = new SenderMeans(config);
            this.operands = new SenderMeans(config);
            this.operator = new SenderMeans(config);
            this.direct = new SenderMeans(config);
        }

        private void add(AnalysisContext context, Calculation one, ExamplePaths.Followed followed, double least) {
            receipts.add(followed.receipts());
            double metric = followed.base()[0];
            if (!(metric >= least)) {
                skipped++;
                return;
            }
            double[] relative = followed.changes(0);
            for (int s = 0; s < relative.length; s++) {
                relative[s] /= metric;
            }
            importance.add(relative);
            metrics += metric;
            EncodedExample example = one.example();
            EndAttention attention = EndAttention.of(context, example.clean());
            operands.add(attention.mass(one.operands()));
            operator.add(attention.mass(one.operator()));
            var written = AnswerContributions.of(context, example.clean(), example.answers()[0]);
            direct.add(DoubleStream.concat(
                            DoubleStream.of(written.heads().get(0)),
                            DoubleStream.of(written.mlps().get(0)))
                    .toArray());
        }

        private void requireAny(Parameters parameters) {
            if (importance.size() == 0) {
                throw new TaskException("On none of " + skipped + " examples of task '" + parameters.task()
                        + "' is the result's logit " + parameters.least() + " above the mean logit. Choose a task that"
                        + " this model can do, or a smaller metric.");
            }
        }

        /** Heads whose loss costs most first. */
        private List<MaskUnit> ranked(Dims dims) {
            return IntStream.range(0, dims.layers() * dims.heads())
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer head) -> importance.mean(head)))
                    .map(head -> MaskUnit.head(head / dims.heads(), head % dims.heads()))
                    .toList();
        }

        private Table table(Dims dims) {
            List<List<Object>> rows = new ArrayList<>();
            for (MaskUnit head : ranked(dims).subList(0, Math.min(SHOWN, dims.layers() * dims.heads()))) {
                int index = head.layer() * dims.heads() + head.head();
                rows.add(List.of(
                        head.label(),
                        importance.mean(index),
                        operands.mean(index),
                        operator.mean(index),
                        direct.mean(index)));
            }
            return new Table(
                    HEADS,
                    List.of(
                            Table.Column.text("head"),
                            Table.Column.number("importance", ""),
                            Table.Column.number("attention to the operands", ""),
                            Table.Column.number("attention to the operator", ""),
                            Table.Column.number("direct contribution", "logits")),
                    rows);
        }
    }
}
