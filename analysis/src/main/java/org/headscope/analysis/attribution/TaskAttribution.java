package org.headscope.analysis.attribution;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.UnembedSpec;

/** Direct logit attribution of many examples of a task: mean, spread and interval of what every part says. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class TaskAttribution implements Analysis<TaskAttribution.Parameters, Findings> {
    /** Title of the panel of mean contributions of heads, with their interval. */
    public static final String MEAN = "Mean direct contribution of heads";
    /** Title of the panel of standard deviations over examples. */
    public static final String SPREAD = "Spread of the direct contribution";
    /** Title of the table of all parts. */
    public static final String PARTS = "Mean direct contribution of parts";
    /** Title of the curve over layers. */
    public static final String LAYERS = "Mean direct contribution by layer";
    /** Title of the table that holds the sum against the model's own number, in one row. */
    public static final String EXAMPLES = "Examples";

    /** What the answer's logit is compared with. */
    public enum Against {
        /** The first right answer of the corrupt prompt. */
        FOIL,
        /** The mean over all first right answers that occur among the drawn examples, such as the letters A to D. */
        LABELS,
        /** The mean over the vocabulary. */
        VOCABULARY
    }

    /**
     * Parameters.
     *
     * @param task id of the task
     * @param against what is subtracted from the answer's logit
     * @param count how many examples are drawn
     * @param split from which part they are drawn
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "Whose examples are taken apart.")
                    String task,
            @Param(
                            label = "Against",
                            defaultValue = "foil",
                            help = "What is subtracted: the logit of the corrupt prompt's answer, the mean of all"
                                    + " answers that occur, or of the vocabulary.")
                    Against against,
            @Param(
                            label = "Examples",
                            min = 2,
                            max = 10_000,
                            defaultValue = "100",
                            help = "How many examples are drawn.")
                    int count,
            @Param(label = "Examples from", defaultValue = "train", help = "Which part the examples come from.")
                    Split split) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("task-attribution", "Direct logit attribution on a task", AnalysisInfo.Area.ATTRIBUTE)
                .measures("What each part writes towards a task's answers, on average over many examples.")
                .formula("Direct logit attribution at the last position with u = W_U[first right answer] - mean of W_U"
                        + " over what is subtracted; then mean, sample standard deviation and a percentile bootstrap"
                        + " interval at 95 %, 1000 draws, over examples")
                .source("Wang et al. 2211.00593 (E[<LN(r), W_U[IO] - W_U[S]>]); Lieberum et al. 2307.09458 (centred on"
                        + " the labels); Efron and Tibshirani 1993 (bootstrap)")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "For every example the sum of all parts is checked against the logits of its own run, and the"
                                + " norm is held at its own scale. The direct path only: what later parts make of a"
                                + " contribution is not seen. The interval covers the choice of examples only.")
                .cost("One forward per example, batched.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return parameters.count();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        DirectLogitAttribution.refuse(context.model());
        progress.report(0, 0, "drawing examples");
        List<EncodedExample> drawn = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(parameters.task()), parameters.split(), parameters.count(), context.seed());
        List<Integer> labels = labels(drawn);
        List<ReceiptSummary> receipts = new ArrayList<>();
        List<ExampleParts> apart = ExampleParts.of(
                context, drawn, example -> readout(example, parameters.against(), labels), receipts, progress);
        UnembedSpec unembed = context.model().config().unembed();
        String number = unembed.softcap() == null ? "mean of the model's logits" : "mean before the final soft cap";
        return Findings.of(new TaskPanels(apart, context.seed()).of(parameters, number), receipts);
    }

    /** The first right answers that occur, of clean and corrupt prompts, in order of their ids. */
    static List<Integer> labels(List<EncodedExample> drawn) {
        return drawn.stream()
                .flatMap(example -> Stream.of(example.answers()[0], example.corruptAnswers()[0]))
                .distinct()
                .sorted()
                .toList();
    }

    private static Readout readout(EncodedExample example, Against against, List<Integer> labels) {
        int answer = example.answers()[0];
        return switch (against) {
            case FOIL -> Readout.of(answer, example.corruptAnswers()[0]);
            case LABELS -> new Readout(answer, labels);
            case VOCABULARY -> new Readout(answer, null);
        };
    }
}
