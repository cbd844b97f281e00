package org.headscope.analysis.ablation;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
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
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
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
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "What is asked.") String task,
            @Param(label = "Split", defaultValue = "held-out", help = "Which part the examples come from.") Split split,
            @Param(label = "Examples", defaultValue = "50", min = 1, help = "How many examples are asked.")
                    int count) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("task-head-ablation", "Head ablation on a task", AnalysisInfo.Area.ABLATE)
                .measures("How much worse a task goes when a single head is switched off.")
                .formula("mean over examples of -ln p(right answers | z of the head = 0) + ln p(right answers)")
                .source("Michel et al. 1905.10650 (zero ablation); task examples by this project")
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
    public double forwards(AnalysisContext context, Parameters parameters) {
        Dims dims = context.model().config().dims();
        // From its own layer on, an ablation costs half a forward on average.
        return parameters.count() * (1 + dims.layers() * dims.heads() / 2.0);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        List<List<EncodedExample>> groups = TaskExam.byLength(draw(context, parameters));
        Dims dims = context.model().config().dims();
        List<SweepCell> cells = cells(dims);
        double[] rise = new double[cells.size()];
        double base = 0;
        List<ReceiptSummary> receipts = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            List<EncodedExample> group = groups.get(i);
            double share = (double) group.size() / parameters.count();
            ResumableSweep.Outcome outcome =
                    sweep(context, progress, group, "ablating, group " + i + " of " + groups.size());
            base += share * outcome.base();
            for (int cell = 0; cell < rise.length; cell++) {
                rise[cell] += share * (outcome.values()[cell] - outcome.base());
            }
            receipts.add(outcome.receipts().summary("zero", "blocks.*.attn.hook_z"));
        }
        return Findings.of(panels(dims, rise, base, parameters), List.of(together(receipts)));
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

    private static List<SweepCell> cells(Dims dims) {
        List<SweepCell> cells = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            for (int head = 0; head < dims.heads(); head++) {
                cells.add(SweepCell.of(new Intervention.Ablate(new Target.Head(layer, head), new Ablation.Zero())));
            }
        }
        return cells;
    }

    private static ResumableSweep.Outcome sweep(
            AnalysisContext context, Progress progress, List<EncodedExample> group, String name) {
        int[][] ids = group.stream().map(EncodedExample::clean).toArray(int[][]::new);
        try (BaseRun base = BaseRun.of(context.model(), TokenBatch.of(ids), context.standing())) {
            return new ResumableSweep(context, progress, name, values -> {})
                    .run(base, cells(context.model().config().dims()), new RightAnswers(group));
        }
    }

    private static List<Panel> panels(Dims dims, double[] rise, double base, Parameters parameters) {
        Grid grid = Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), rise);
        List<Table.Column> columns = List.of(
                Table.Column.text("task"),
                Table.Column.text("split"),
                Table.Column.integer("examples"),
                Table.Column.number("loss of the full model", "nats"));
        List<Object> row = List.of(parameters.task(), parameters.split().word(), parameters.count(), base);
        return List.of(
                new HeadGrid(RISE, Quantity.signed("rise of the loss", "nats"), grid),
                new Table("Full model", columns, List.of(row)));
    }
}
