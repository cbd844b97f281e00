package org.headscope.analysis.ablation;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
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
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.headscope.hooks.intervene.Intervention;

/** Whether a task needs a set of heads more than it needs any others: the set against random sets of the same size. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class HeadSetControl implements Analysis<HeadSetControl.Parameters, Findings> {
    static final String TITLE = "Accuracy without a set of heads";
    static final String SINGLES = "One at a time and together";

    /**
     * Parameters.
     *
     * @param task id of the task
     * @param heads the set
     * @param controls number of random sets
     * @param split from which part the examples are drawn
     * @param count how many examples
     * @param mode in which way the heads are switched off
     * @param reference prompts of modes mean and resample
     * @param average which of them stand in for which position
     * @param references how many of them
     * @param gate factor of mode gate
     * @param singles whether to switch the heads off one at a time as well
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "What is asked.") String task,
            @Param(label = "Heads", help = "The set, as layer.head, separated by commas.") List<String> heads,
            @Param(label = "Controls", defaultValue = "5", min = 1, help = "Number of random sets of the same size.")
                    int controls,
            @Param(label = "Split", defaultValue = "held-out", help = "Which part the examples come from.") Split split,
            @Param(label = "Examples", defaultValue = "200", min = 1, help = "How many examples are asked.") int count,
            @Param(
                            label = "Mode",
                            defaultValue = "zero",
                            help = "How heads are switched off: zero, mean or resample over a reference set, uniform"
                                    + " attention, pattern-preserving zero, or a gate.")
                    KnockoutMode mode,
            @Param(
                            label = "Reference set",
                            defaultValue = "task",
                            help = "Prompts of modes mean and resample: the task's own, their corrupt twins, or neutral"
                                    + " ones that lack what decides the answer.")
                    ReferenceSet reference,
            @Param(
                            label = "Average over",
                            defaultValue = "template",
                            help = "The same position of prompts of the same template, or of equal length, or all"
                                    + " positions.")
                    Averaging average,
            @Param(
                            label = "Reference prompts",
                            defaultValue = "200",
                            min = 1,
                            help = "How many are drawn; of neutral ones, for every template.")
                    int references,
            @Param(label = "Gate", defaultValue = "0.5", min = 0, max = 1, help = "Factor on z in mode gate.")
                    double gate,
            @Param(
                            label = "One at a time",
                            defaultValue = "false",
                            help = "Also switch off each head of the set alone: the sum need not be what they cost"
                                    + " together.")
                    boolean singles) {
        /** Copies the list. */
        public Parameters {
            heads = List.copyOf(heads);
        }

        /** Zero ablation of the examples. */
        Parameters(String task, List<String> heads, int controls, Split split, int count) {
            this(
                    task,
                    heads,
                    controls,
                    split,
                    count,
                    KnockoutMode.ZERO,
                    ReferenceSet.TASK,
                    Averaging.TEMPLATE,
                    1,
                    0,
                    false);
        }

        Knockout.Options how() {
            return new Knockout.Options(mode, reference, average, references, gate);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("head-set", "Set of heads against chance", AnalysisInfo.Area.ABLATE)
                .measures(
                        "What a task loses without a set of heads, next to what it loses without random sets of equal size.")
                .formula(
                        "accuracy with the set off together; the same for n random sets of other heads;"
                                + " p = (1 + number of random sets at least as harmful) / (1 + n). zero: z = 0; mean: z = mean of"
                                + " the reference set at the same place; resample: z of one of its prompts; uniform: attention"
                                + " 1/n over the n visible keys; pattern-preserving: z = 0, later attention held; gate: z = g z")
                .source(
                        "Wu et al. 2404.15574 (random controls; uniform, code); Wang et al. 2211.00593 (mean by template);"
                                + " Olsson et al. 2209.11895 (pattern-preserving); Michel et al. 1905.10650 (zero, gate);"
                                + " p-value after North et al. 2002")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Random sets are drawn from all layers and share no head with the set. With n controls p is at"
                                + " least 1 / (n + 1). Modes differ: zero removes a value average that later layers count"
                                + " on, uniform and mean keep it. Pattern-preserving holds the patterns of all layers above"
                                + " the lowest head of the set.")
                .cost("One forward per example for the full model, the set and each control, two in modes resample and"
                        + " pattern-preserving; one per reference prompt in mode mean.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        int singles = parameters.singles() ? parameters.heads().size() : 0;
        double masks = 1.0 + parameters.controls() + singles;
        Knockout.Options how = parameters.how();
        return how.forwards() + parameters.count() * (1 + how.perExample() * masks);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        MaskShape shape = MaskShape.of(context.model().config().dims());
        List<MaskUnit> heads = HeadList.parse("heads", parameters.heads(), shape);
        TaskGenerator task = TaskRegistry.require(parameters.task());
        List<EncodedExample> examples = TaskEncoder.of(
                        context.model(), context.prompts().bos())
                .draw(task, parameters.split(), parameters.count(), context.seed());
        try (Knockout how = Knockout.of(context, parameters.how(), task, examples, progress)) {
            Exam exam = new Exam(context, how, examples, progress, new ArrayList<>());
            return compare(exam, HeadMask.none(shape).with(heads, MaskSetting.ZERO), parameters);
        }
    }

    /** The mask says which heads; {@link Knockout} says what is done to them. */
    private static Findings compare(Exam exam, HeadMask mask, Parameters parameters) {
        List<List<Object>> rows = new ArrayList<>();
        TaskScore full = exam.without(HeadMask.none(mask.shape()));
        rows.add(row("full model", HeadMask.none(mask.shape()), full));
        TaskScore set = exam.without(mask);
        rows.add(row("the set off", mask, set));
        double[] controls = new double[parameters.controls()];
        for (int i = 0; i < parameters.controls(); i++) {
            HeadMask control = new RandomControl(exam.context.seed() + i, false, Set.of()).draw(mask);
            TaskScore score = exam.without(control);
            controls[i] = full.accuracy() - score.accuracy();
            rows.add(row("random set " + (i + 1) + " off", control, score));
        }
        List<Panel> panels = new ArrayList<>();
        panels.add(new Table(TITLE, COLUMNS, rows));
        panels.add(new ControlTest(full.accuracy() - set.accuracy(), controls).table("Chance", "accuracy lost"));
        panels.add(exam.how.table("all of the set together"));
        if (parameters.singles()) {
            panels.add(singles(exam, mask, full, set));
        }
        return Findings.of(panels, exam.receipts());
    }

    /** What each head costs alone, next to what all cost together: heads may stand in for each other. */
    private static Table singles(Exam exam, HeadMask mask, TaskScore full, TaskScore set) {
        List<List<Object>> rows = new ArrayList<>();
        double accuracy = 0;
        double loss = 0;
        for (MaskUnit head : mask.units(MaskUnit.Kind.HEAD)) {
            TaskScore one = exam.without(HeadMask.none(mask.shape()).with(head, MaskSetting.ZERO));
            rows.add(List.of(head.label(), full.accuracy() - one.accuracy(), one.loss() - full.loss()));
            accuracy += full.accuracy() - one.accuracy();
            loss += one.loss() - full.loss();
        }
        rows.add(List.of("sum of these", accuracy, loss));
        rows.add(List.of("together", full.accuracy() - set.accuracy(), set.loss() - full.loss()));
        return new Table(
                SINGLES,
                List.of(
                        Table.Column.text("head off"),
                        Table.Column.number("accuracy lost", ""),
                        Table.Column.number("rise of the loss", "nats")),
                rows);
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
            AnalysisContext context,
            Knockout how,
            List<EncodedExample> examples,
            Progress progress,
            List<ReceiptSummary> receipts) {
        TaskScore without(HeadMask mask) {
            SortedSet<MaskUnit> heads = mask.units(MaskUnit.Kind.HEAD);
            TaskExam.Outcome outcome = new TaskExam(context.model(), (batch, owner) -> {
                        List<Intervention> all = new ArrayList<>(context.standing());
                        if (!heads.isEmpty()) {
                            all.addAll(how.prepare(batch, owner).heads(heads));
                        }
                        return all;
                    })
                    .examine(examples, progress);
            outcome.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            return TaskExam.score(outcome.answers());
        }
    }
}
