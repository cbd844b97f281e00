package org.headscope.analysis.recall;

import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.headscope.analysis.attribution.AnswerContributions;
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
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;

/** Which heads move the subject of a fact to the last position, and which MLPs turn it into the answer. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class FactualRecall implements Analysis<FactualRecall.Parameters, Findings> {
    static final String EFFECT = "Path effect on the answer";
    static final String SPREAD = "Spread of the path effect";
    static final String MLPS = "Path effect of MLPs";
    static final String ATTENTION = "Attention to the subject";
    static final String ON_ANSWER = "Attention against contribution to the answer";
    static final String ON_SUBJECT = "Attention against contribution to the subject's own token";
    static final String STRONGEST = "Strongest heads";
    static final String EXAMPLES = "Examples";
    private static final int SHOWN = 10;

    /**
     * Parameters.
     *
     * @param task whose examples are asked
     * @param count how many
     * @param split from which part
     * @param mlps what MLPs on the way do
     * @param least examples whose metric is smaller are skipped
     */
    public record Parameters(
            @Param(
                            label = "Task",
                            choices = TaskRegistry.Ids.class,
                            defaultValue = "capital",
                            help = "Whose examples are asked; its corrupt prompts must differ in the subject.")
                    String task,
            @Param(
                            label = "Examples",
                            defaultValue = "60",
                            min = 2,
                            max = 10_000,
                            help = "How many examples are drawn.")
                    int count,
            @Param(label = "Examples from", defaultValue = "train", help = "Which part the examples come from.")
                    Split split,
            @Param(
                            label = "MLPs on the way",
                            defaultValue = "recomputed",
                            help = "Recomputed, or frozen for strictly direct paths.")
                    Mlps mlps,
            @Param(
                            label = "Smallest metric",
                            unit = "logits",
                            min = 1e-3,
                            defaultValue = "1",
                            help = "Examples are skipped where the answer's logit is less above the mean logit.")
                    double least) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("factual-recall", "Factual recall", AnalysisInfo.Area.ATTRIBUTE)
                .measures(
                        "Which heads move the subject of a fact to the last position, and which MLPs make the answer of it.")
                .formula(
                        "M = logit[answer] - mean logit at the last position. B: the prompt. D: the sender's output at the"
                                + " last position replaced by its mean over the same wording with other subjects, all other heads"
                                + " frozen, MLPs recomputed or frozen. Effect: (M_D - M_B) / M_B. Correlation over examples of the"
                                + " attention from the last position to the subject with the head's direct logit attribution")
                .source("Lv et al. 2403.19521, path patching of their program; Wang et al. 2211.00593")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "The patching variant was read in the authors' program, which freezes q, k and v of all heads;"
                                + " freezing z is the same. The division by M_B is our reading. Receiver: the logits."
                                + " Subjects are the tokens that the corrupt prompt changes; the mean is over corrupt prompts"
                                + " of equally worded examples with another answer. The MLP regression and the last layer are"
                                + " mlp-decomposition and overconfidence.")
                .cost("Per example five forwards, and the MLPs behind each sender at one position.")
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
        return parameters.count()
                * (5 + PathSender.alone(context.model().config()).size() / 30.0);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        progress.report(0, 0, "drawing examples");
        List<EncodedExample> examples = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(parameters.task()), parameters.split(), parameters.count(), context.seed());
        examples.forEach(
                example -> example.requireFits(context.model().config().dims().context()));
        Tally tally = new Tally(context.model().config());
        EndActivations others = EndActivations.of(
                context, examples.stream().map(EncodedExample::corrupt).toList(), progress);
        Templates templates = new Templates(examples);
        for (int i = 0; i < examples.size(); i++) {
            progress.checkCancelled();
            var part = new ExampleProgress(progress, i, examples.size(), "recalling, example");
            follow(context, parameters, examples.get(i), new Source(others, templates.others(i)), tally, part);
            part.finished(1);
        }
        tally.requireAny(parameters);
        return Findings.of(panels(context, parameters, tally), tally.receipts.all());
    }

    /** What senders take: the mean of some prompts. */
    private record Source(EndActivations all, List<Integer> which) {}

    private static void follow(
            AnalysisContext context,
            Parameters parameters,
            EncodedExample example,
            Source source,
            Tally tally,
            ExampleProgress part) {
        int answer = example.answers()[0];
        ExamplePaths.Followed followed;
        try (NDManager owner = context.model().newManager()) {
            followed = new ExamplePaths(
                            context, PathSender.alone(context.model().config()), parameters.mlps())
                    .follow(
                            example.clean(),
                            source.all.mean(source.which, owner),
                            List.of(new LogitAboveMean(answer)),
                            part.title(),
                            part);
        }
        tally.receipts.add(followed.receipts());
        if (!(followed.base()[0] >= parameters.least())) {
            tally.skipped++;
            return;
        }
        double[] effects = followed.changes(0);
        for (int s = 0; s < effects.length; s++) {
            effects[s] /= followed.base()[0];
        }
        tally.effects.add(effects);
        tally.metrics.add(followed.base()[0]);
        tally.averaged += source.which.size();
        look(context, example, tally);
    }

    private static void look(AnalysisContext context, EncodedExample example, Tally tally) {
        List<Integer> subject = Templates.subject(example);
        int named = example.clean()[subject.get(subject.size() - 1)];
        var written = AnswerContributions.of(context, example.clean(), example.answers()[0], named);
        tally.attention.add(EndAttention.of(context, example.clean()).mass(subject));
        tally.onAnswer.add(written.heads().get(0));
        tally.onSubject.add(written.heads().get(1));
    }

    /** Everything that is averaged. */
    private static final class Tally {
        private final SenderMeans effects;
        private final SenderMeans attention;
        private final SenderMeans onAnswer;
        private final SenderMeans onSubject;
        private final List<Double> metrics = new ArrayList<>();
        private final ReceiptSums receipts = new ReceiptSums();
        private int skipped;
        private int averaged;

        private Tally(ModelConfig config) {
            this.effects = new SenderMeans(config);
            this.attention = new SenderMeans(config);
            this.onAnswer = new SenderMeans(config);
            this.onSubject = new SenderMeans(config);
        }

        private void requireAny(Parameters parameters) {
            if (effects.size() == 0) {
                throw new TaskException("On none of " + skipped + " examples of task '" + parameters.task()
                        + "' is the answer's logit " + parameters.least() + " above the mean logit, so there is nothing"
                        + " to recall. Choose a task that this model can do, or a smaller metric.");
            }
        }
    }

    private static List<Panel> panels(AnalysisContext context, Parameters parameters, Tally tally) {
        Dims dims = context.model().config().dims();
        long seed = context.seed();
        Quantity share = Quantity.unsigned("share of attention", "");
        return List.of(
                tally.effects.heads(EFFECT, Quantity.signed("relative change of the metric", ""), seed),
                tally.effects.spread(SPREAD),
                tally.effects.mlps(MLPS, "", seed),
                tally.attention.heads(ATTENTION, share, seed),
                Correlations.grid(dims, ON_ANSWER, tally.attention, tally.onAnswer),
                Correlations.grid(dims, ON_SUBJECT, tally.attention, tally.onSubject),
                strongest(dims, tally),
                table(parameters, tally));
    }

    private static Table strongest(Dims dims, Tally tally) {
        List<List<Object>> rows = IntStream.range(0, dims.layers() * dims.heads())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer head) -> -Math.abs(tally.effects.mean(head))))
                .limit(SHOWN)
                .<List<Object>>map(head -> List.of(
                        head / dims.heads() + "." + head % dims.heads(),
                        tally.effects.mean(head),
                        tally.attention.mean(head),
                        tally.onAnswer.mean(head),
                        tally.onSubject.mean(head)))
                .toList();
        return new Table(
                STRONGEST,
                List.of(
                        Table.Column.text("head"),
                        Table.Column.number("path effect", ""),
                        Table.Column.number("attention to the subject", ""),
                        Table.Column.number("contribution to the answer", "logits"),
                        Table.Column.number("contribution to the subject's token", "logits")),
                rows);
    }

    private static Table table(Parameters parameters, Tally tally) {
        int used = tally.effects.size();
        return new Table(
                EXAMPLES,
                List.of(
                        Table.Column.text("task"),
                        Table.Column.text("examples from"),
                        Table.Column.text("MLPs on the way"),
                        Table.Column.integer("drawn"),
                        Table.Column.integer("skipped for a small metric"),
                        Table.Column.integer("used"),
                        Table.Column.number("mean metric", "logits"),
                        Table.Column.number("prompts per mean", "")),
                List.of(List.of(
                        parameters.task(),
                        parameters.split().word(),
                        parameters.mlps().name().toLowerCase(Locale.ROOT),
                        parameters.count(),
                        tally.skipped,
                        used,
                        tally.metrics.stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElse(Double.NaN),
                        (double) tally.averaged / used)));
    }
}
