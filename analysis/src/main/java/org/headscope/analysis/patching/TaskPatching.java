package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.Dims;

/** Activation patching of many examples of a task: the mean effect of every place, its spread, and how sure the mean is. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class TaskPatching implements Analysis<TaskPatching.Parameters, Findings> {
    /** Title of the panel of mean effects, with their interval. */
    public static final String MEAN = "Mean patch effect";
    /** Title of the panel of standard deviations over examples. */
    public static final String SPREAD = "Spread of the patch effect";
    /** Title of the table that says how many examples were used, in one row. */
    public static final String EXAMPLES = "Examples";

    /**
     * Parameters.
     *
     * @param task id of the task
     * @param site where to patch
     * @param mode direction
     * @param count how many examples are drawn
     * @param split from which part they are drawn
     * @param gap smallest difference of the logit differences of the clean and the corrupt run, in logits
     */
    public record Parameters(
            @Param(label = "Task", choices = TaskRegistry.Ids.class, help = "Whose examples are patched.") String task,
            @Param(
                            label = "Site",
                            defaultValue = "resid-pre",
                            help = "Which activation is patched, in which pieces. Sites with positions use only"
                                    + " examples whose positions line up.")
                    PatchSite site,
            @Param(
                            label = "Mode",
                            defaultValue = "denoise",
                            help = "Put clean activations into the corrupt run, or the other way round.")
                    ActivationPatching.Mode mode,
            @Param(
                            label = "Examples",
                            min = 1,
                            max = 10_000,
                            defaultValue = "30",
                            help = "How many examples are drawn.")
                    int count,
            @Param(label = "Examples from", defaultValue = "train", help = "Which part the examples come from.")
                    Split split,
            @Param(
                            label = "Smallest gap",
                            unit = "logits",
                            min = 1e-4,
                            defaultValue = "0.5",
                            help = "Examples are skipped where clean minus corrupt logit difference is less.")
                    double gap) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("task-patch", "Activation patching on a task", AnalysisInfo.Area.PATCH)
                .measures("How much of a task's answer one activation carries, on average over many examples.")
                .formula("LD = logit[first right answer] - logit[first right answer of the corrupt prompt] at the last"
                        + " position. Per example, denoise: (LD_patched - LD_corrupt) / (LD_clean - LD_corrupt);"
                        + " noise: (LD_clean - LD_patched) / (LD_clean - LD_corrupt). Then the mean over examples,"
                        + " the sample standard deviation, and a percentile bootstrap interval at 95 %, 1000 draws")
                .source("Meng et al. 2202.05262; Zhang and Nanda 2309.16042; Heimersheim and Nanda 2404.15255; "
                        + "Efron and Tibshirani 1993 (bootstrap); task examples by this project")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "A mean of quotients, not a quotient of means. Positions are counted from the end, over the"
                                + " most frequent of the examples that agree in length and in where clean and corrupt"
                                + " differ; what stands elsewhere may differ. The interval covers the choice of"
                                + " examples only.")
                .cost("Per example two forwards, and one partial forward per cell, from the patched layer and position"
                        + " on, batched.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        if (parameters.site().layout() != PatchSite.Layout.HEADS) {
            return Double.NaN;
        }
        Dims dims = context.model().config().dims();
        int heads = parameters.site().kind().perKvHead() ? dims.kvHeads() : dims.heads();
        // From its own layer on, a patch costs half a forward on average.
        return parameters.count() * (2 + dims.layers() * heads / 2.0);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        progress.report(0, 0, "drawing examples");
        AlignedExamples aligned =
                AlignedExamples.of(parameters.site(), draw(context, parameters), context.prompts()::show);
        Dims dims = context.model().config().dims();
        aligned.examples().forEach(example -> example.requireFits(dims.context()));
        PatchGrid grid = PatchGrid.of(parameters.site(), context.model().config(), aligned.positions(), PatchRange.ALL);
        TaskEffects effects = patch(new ExamplePatch(context, parameters, grid), aligned, grid, progress);
        requireAny(effects, parameters);
        List<Panel> panels = List.of(effects.means(context.seed()), effects.deviations(), table(parameters, effects));
        return Findings.of(panels, effects.receipts());
    }

    private static List<EncodedExample> draw(AnalysisContext context, Parameters parameters) {
        return TaskEncoder.of(context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(parameters.task()), parameters.split(), parameters.count(), context.seed());
    }

    private static TaskEffects patch(ExamplePatch patch, AlignedExamples aligned, PatchGrid grid, Progress progress) {
        var effects = new TaskEffects(grid);
        List<EncodedExample> examples = aligned.examples();
        for (int i = 0; i < examples.size(); i++) {
            progress.checkCancelled();
            var part = new ExampleProgress(progress, i, examples.size(), "patching, example");
            ExamplePatch.Outcome outcome = patch.run(examples.get(i), part.title(), part);
            effects.add(outcome);
            part.finished(grid.size());
            if (!outcome.skipped()) {
                progress.partial(effects.soFar());
            }
        }
        return effects;
    }

    private static void requireAny(TaskEffects effects, Parameters parameters) {
        if (effects.used() == 0) {
            throw new TaskException("No example of task '" + parameters.task() + "' can be patched: on all "
                    + effects.skipped() + " the logit difference of the clean prompt is less than " + parameters.gap()
                    + " logits above that of the corrupt one, at most " + effects.widest()
                    + ". Choose a task that this model can do, more examples, or a smaller gap.");
        }
    }

    private static Table table(Parameters parameters, TaskEffects effects) {
        return new Table(
                EXAMPLES,
                List.of(
                        Table.Column.text("task"),
                        Table.Column.text("examples from"),
                        Table.Column.integer("drawn"),
                        Table.Column.integer("lined up"),
                        Table.Column.integer("skipped for a small gap"),
                        Table.Column.integer("used"),
                        Table.Column.number("mean clean logit difference", "logits"),
                        Table.Column.number("mean corrupt logit difference", "logits")),
                List.of(List.of(
                        parameters.task(),
                        parameters.split().word(),
                        parameters.count(),
                        effects.used() + effects.skipped(),
                        effects.skipped(),
                        effects.used(),
                        effects.average(ExamplePatch.Outcome::clean),
                        effects.average(ExamplePatch.Outcome::corrupt))));
    }
}
