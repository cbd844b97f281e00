package org.headscope.analysis.ablation;

import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.RightAnswers;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;

/** Which heads a task needs: each is switched off in turn, and the examples of the task are asked again. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class TaskHeadAblation implements Analysis<TaskHeadAblation.Parameters, Findings> {
    static final String RISE = "Rise of the loss without each head";

    /**
     * Parameters.
     *
     * @param task id of the task
     * @param split from which part its examples are drawn
     * @param count how many examples
     * @param mode in which way the heads are switched off
     * @param reference prompts of modes mean and resample
     * @param average which of them stand in for which position
     * @param references how many of them
     * @param gate factor of mode gate
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "What is asked.") String task,
            @Param(label = "Split", defaultValue = "held-out", help = "Which part the examples come from.") Split split,
            @Param(label = "Examples", defaultValue = "50", min = 1, help = "How many examples are asked.") int count,
            @Param(
                            label = "Mode",
                            defaultValue = "zero",
                            help = "How a head is switched off: zero, mean or resample over a reference set, uniform"
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
                    double gate) {
        /** Zero ablation of the examples. */
        Parameters(String task, Split split, int count) {
            this(task, split, count, KnockoutMode.ZERO, ReferenceSet.TASK, Averaging.TEMPLATE, 1, 0);
        }

        Knockout.Options how() {
            return new Knockout.Options(mode, reference, average, references, gate);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("task-head-ablation", "Head ablation on a task", AnalysisInfo.Area.ABLATE)
                .measures("How much worse a task goes when a single head is switched off, in one of six ways.")
                .formula(
                        "mean over examples of -ln p(right answers | head off) + ln p(right answers); the modes are those"
                                + " of head-set")
                .source("Michel et al. 1905.10650 (zero); Wang et al. 2211.00593 (mean by template); Olsson et al."
                        + " 2209.11895 (pattern-preserving); task examples by this project")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Heads act at z, before W_O. Single ablations miss what backup heads replace.")
                .cost("One partial forward per head and example, from the head's layer on, batched by length.")
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
        Dims dims = context.model().config().dims();
        Knockout.Options how = parameters.how();
        // From its own layer on, an ablation costs half a forward on average.
        return how.forwards() + parameters.count() * (how.perExample() + dims.layers() * dims.heads() / 2.0);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        List<EncodedExample> examples = draw(context, parameters);
        TaskGenerator task = TaskRegistry.require(parameters.task());
        try (Knockout how = Knockout.of(context, parameters.how(), task, examples, progress)) {
            Sum sum = new Sum(context.model().config().dims(), parameters.count());
            List<List<EncodedExample>> groups = TaskExam.byLength(examples);
            for (int i = 0; i < groups.size(); i++) {
                String name = "ablating, group " + i + " of " + groups.size();
                sum.add(
                        sweep(context, progress, groups.get(i), how, name),
                        groups.get(i).size(),
                        parameters.mode());
            }
            return Findings.of(panels(sum, parameters, how), List.of(together(sum.receipts)));
        }
    }

    /** Adds groups up, each weighted by its examples. */
    private static final class Sum {
        private final Dims dims;
        private final double[] rise;
        private final int count;
        private final List<ReceiptSummary> receipts = new ArrayList<>();
        private double base;

        Sum(Dims dims, int count) {
            this.dims = dims;
            this.rise = new double[dims.layers() * dims.heads()];
            this.count = count;
        }

        void add(ResumableSweep.Outcome outcome, int examples, KnockoutMode mode) {
            double share = (double) examples / count;
            base += share * outcome.base();
            for (int cell = 0; cell < rise.length; cell++) {
                rise[cell] += share * (outcome.values()[cell] - outcome.base());
            }
            receipts.add(outcome.receipts().summary(mode.label(), mode.hookSite()));
        }
    }

    private static List<EncodedExample> draw(AnalysisContext context, Parameters parameters) {
        return TaskEncoder.of(context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(parameters.task()), parameters.split(), parameters.count(), context.seed());
    }

    /** Every group of prompts has a receipt of its own; people want to know that none of them was missed. */
    private static ReceiptSummary together(List<ReceiptSummary> groups) {
        ReceiptSummary first = groups.get(0);
        return new ReceiptSummary(
                first.label(),
                first.site(),
                groups.stream().mapToLong(ReceiptSummary::fired).sum(),
                groups.stream().mapToDouble(ReceiptSummary::changeMaxAbs).max().orElse(0),
                "every head, for prompts of " + groups.size() + " lengths");
    }

    private static List<SweepCell> cells(Dims dims, Knockout.Off off) {
        List<SweepCell> cells = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            for (int head = 0; head < dims.heads(); head++) {
                MaskUnit unit = MaskUnit.head(layer, head);
                cells.add(new SweepCell(unit.label(), off.heads(List.of(unit))));
            }
        }
        return cells;
    }

    private static ResumableSweep.Outcome sweep(
            AnalysisContext context, Progress progress, List<EncodedExample> group, Knockout how, String name) {
        int[][] ids = group.stream().map(EncodedExample::clean).toArray(int[][]::new);
        Dims dims = context.model().config().dims();
        try (NDManager owner = context.model().newManager();
                BaseRun base = BaseRun.of(context.model(), TokenBatch.of(ids), context.standing())) {
            return new ResumableSweep(context, progress, name, values -> {})
                    .run(base, cells(dims, how.prepare(group, owner)), new RightAnswers(group));
        }
    }

    private static List<Panel> panels(Sum sum, Parameters parameters, Knockout how) {
        Grid grid = Grid.of(List.of(Axis.layers(sum.dims.layers()), Axis.heads(sum.dims.heads())), sum.rise);
        List<Table.Column> columns = List.of(
                Table.Column.text("task"),
                Table.Column.text("split"),
                Table.Column.integer("examples"),
                Table.Column.number("loss of the full model", "nats"));
        List<Object> row = List.of(parameters.task(), parameters.split().word(), parameters.count(), sum.base);
        return List.of(
                new HeadGrid(RISE, Quantity.signed("rise of the loss", "nats"), grid),
                new Table("Full model", columns, List.of(row)),
                how.table("one at a time"));
    }
}
