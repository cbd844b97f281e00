package org.headscope.analysis.ablation;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskInterventions;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.headscope.hooks.intervene.Intervention;

/** Whether a task needs a set of heads more than it needs any others: the set against random sets of the same size. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadSetControl implements Analysis<HeadSetControl.Parameters, Findings> {
    static final String TITLE = "Accuracy without a set of heads";

    /**
     * Parameters.
     *
     * @param task id of the task
     * @param heads the set
     * @param controls number of random sets
     * @param split from which part the examples are drawn
     * @param count how many examples
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "What is asked.") String task,
            @Param(label = "Heads", help = "The set, as layer.head, separated by commas.") List<String> heads,
            @Param(label = "Controls", defaultValue = "5", min = 1, help = "Number of random sets of the same size.")
                    int controls,
            @Param(label = "Split", defaultValue = "held-out", help = "Which part the examples come from.") Split split,
            @Param(label = "Examples", defaultValue = "200", min = 1, help = "How many examples are asked.")
                    int count) {
        /** Copies the list. */
        public Parameters {
            heads = List.copyOf(heads);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-set", "Set of heads against chance", AnalysisInfo.Area.ABLATE)
                .measures(
                        "What a task loses without a set of heads, next to what it loses without random sets of equal size.")
                .formula("accuracy with z = 0 for the set; the same for n random sets of other heads;"
                        + " p = (1 + number of random sets at least as harmful) / (1 + n)")
                .source("Wu et al. 2404.15574 (masking with random controls); p-value after North et al. 2002")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Random sets are drawn from all layers and share no head with the set. With n controls p is at"
                                + " least 1 / (n + 1).")
                .cost("One forward per example for the full model, the set and each control.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return (double) parameters.count() * (2 + parameters.controls());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        MaskShape shape = MaskShape.of(context.model().config().dims());
        HeadMask mask = HeadMask.none(shape).with(HeadList.parse("heads", parameters.heads(), shape), MaskSetting.ZERO);
        List<EncodedExample> examples = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(parameters.task()), parameters.split(), parameters.count(), context.seed());
        Exam exam = new Exam(context, examples, progress, new ArrayList<>());
        List<List<Object>> rows = new ArrayList<>();
        TaskScore full = exam.without(HeadMask.none(mask.shape()));
        rows.add(row("full model", HeadMask.none(mask.shape()), full));
        TaskScore set = exam.without(mask);
        rows.add(row("the set off", mask, set));
        double[] controls = new double[parameters.controls()];
        for (int i = 0; i < parameters.controls(); i++) {
            HeadMask control = new RandomControl(context.seed() + i, false, Set.of()).draw(mask);
            TaskScore score = exam.without(control);
            controls[i] = full.accuracy() - score.accuracy();
            rows.add(row("random set " + (i + 1) + " off", control, score));
        }
        Table chance = new ControlTest(full.accuracy() - set.accuracy(), controls).table("Chance", "accuracy lost");
        return Findings.of(List.of(new Table(TITLE, COLUMNS, rows), chance), exam.receipts());
    }

    private static final List<Table.Column> COLUMNS = List.of(
            Table.Column.text("run"),
            Table.Column.text("heads off"),
            Table.Column.number("accuracy", ""),
            Table.Column.number("loss", "nats"),
            Table.Column.integer("examples"));

    private static List<Object> row(String run, HeadMask mask, TaskScore score) {
        String heads =
                mask.units(MaskUnit.Kind.HEAD).stream().map(MaskUnit::label).collect(Collectors.joining(" "));
        return List.of(run, heads, score.accuracy(), score.loss(), score.examples());
    }

    /** The same questions under several masks. */
    private record Exam(
            AnalysisContext context, List<EncodedExample> examples, Progress progress, List<ReceiptSummary> receipts) {
        TaskScore without(HeadMask mask) {
            List<Intervention> off = mask.isEmpty() ? List.of() : new MaskInterventions(Map.of()).compile(mask);
            List<Intervention> all =
                    Stream.concat(context.standing().stream(), off.stream()).toList();
            TaskExam.Outcome outcome = new TaskExam(context.model(), all).examine(examples, progress);
            outcome.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            return TaskExam.score(outcome.answers());
        }
    }
}
