package org.headscope.analysis.recall;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;

/** What the last block takes back from the answer, and what happens when it takes back less. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class Overconfidence implements Analysis<Overconfidence.Parameters, Findings> {
    static final String BLOCK = "Answer before and after the last block";
    static final String PARTS = "Parts of the last block";
    static final String SCALED = "Suppressing parts turned down";
    static final String TURNED = "Turned down";
    static final String CHANCE = "Chance";
    private static final double[] FACTORS = {1, 0.75, 0.5, 0.25, 0};
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    /**
     * Parameters.
     *
     * @param task whose examples are asked
     * @param count examples that parts are chosen on
     * @param heldOut examples that are reported
     * @param controls random sets of parts
     */
    public record Parameters(
            @Param(
                            label = "Task",
                            choices = TaskRegistry.Ids.class,
                            defaultValue = "capital",
                            help = "Whose examples are asked.")
                    String task,
            @Param(
                            label = "Examples",
                            defaultValue = "60",
                            min = 3,
                            max = 5000,
                            help = "Training examples that suppressing parts are chosen on.")
                    int count,
            @Param(
                            label = "Held-out examples",
                            defaultValue = "100",
                            min = 3,
                            max = 5000,
                            help = "Held-out examples that everything else is reported on.")
                    int heldOut,
            @Param(label = "Controls", defaultValue = "19", min = 1, help = "Number of random sets of the same size.")
                    int controls) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("overconfidence", "Suppression in the last layer", AnalysisInfo.Area.ATTRIBUTE)
                .measures(
                        "Which parts of the last block speak against the right answer, and how sure the model is without them.")
                .formula("before: softmax(Norm_final(x_L) W_U), x_L entering the last block; after: the model. A part"
                        + " suppresses when its direct contribution to logit[answer] - mean logit is below 0 on training"
                        + " examples (upper end of the 95 % interval). Its output is multiplied by 1, 0.75, 0.5, 0.25, 0;"
                        + " probability, accuracy and expected calibration error (10 bins) on held-out examples")
                .source("Lv et al. 2403.19521 (anti-overconfidence); Guo et al. 1706.04599 (calibration)")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "The authors describe a last layer that lowers the answer; which parts, factors and measures of"
                                + " calibration they use was not read. Heads act at z, the MLP at its output. Random sets have as"
                                + " many heads and MLPs, drawn from all layers.")
                .cost("Three forwards per training example; one per held-out example, factor and control.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return 3.0 * parameters.count() + (double) parameters.heldOut() * (2 + FACTORS.length + parameters.controls());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        progress.report(0, 0, "drawing examples");
        return judge(
                context,
                draw(context, parameters, Split.TRAIN, parameters.count()),
                draw(context, parameters, Split.HELD_OUT, parameters.heldOut()),
                parameters.controls(),
                progress);
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
    static Findings judge(
            AnalysisContext context,
            List<EncodedExample> train,
            List<EncodedExample> heldOut,
            int controls,
            Progress progress) {
        ReceiptSums receipts = new ReceiptSums();
        LastBlock chosen = LastBlock.of(context, train, progress);
        LastBlock reported = LastBlock.of(context, heldOut, progress);
        List<MaskUnit> suppressing = chosen.suppressing(context.seed());
        List<Confidence> turned = new ArrayList<>();
        for (double factor : FACTORS) {
            Confidence one = Confidence.of(context, heldOut, gates(suppressing, factor), progress);
            receipts.add(one.receipts());
            turned.add(one);
            progress.report(turned.size(), FACTORS.length + controls, "turning parts down");
        }
        List<Panel> panels = new ArrayList<>();
        panels.add(block(turned.get(0), context.seed()));
        panels.add(reported.table(suppressing, context.seed()));
        if (!suppressing.isEmpty()) {
            panels.add(curve(turned));
            panels.add(table(turned));
            panels.add(chance(context, heldOut, suppressing, turned, controls, progress));
        }
        return Findings.of(panels, receipts.all());
    }

    private static List<Intervention> gates(List<MaskUnit> parts, double factor) {
        return parts.stream()
                .<Intervention>map(part -> new Intervention.Ablate(
                        part.kind() == MaskUnit.Kind.MLP
                                ? new Target.Mlp(part.layer())
                                : new Target.Head(part.layer(), part.head()),
                        new Ablation.Gate(factor)))
                .toList();
    }

    private static Table block(Confidence said, long seed) {
        List<List<Object>> rows = List.of(
                row("probability", said, Confidence.Said::probability, seed),
                row("logit above the mean", said, Confidence.Said::aboveMean, seed),
                row("entropy", said, Confidence.Said::entropy, seed),
                row("accuracy", said, one -> one.right() ? 1 : 0, seed));
        return new Table(
                BLOCK,
                List.of(
                        Table.Column.text("of the answer"),
                        Table.Column.number("before", ""),
                        Table.Column.number("after", ""),
                        Table.Column.number("after minus before", ""),
                        Table.Column.number("lower (95 %)", ""),
                        Table.Column.number("upper (95 %)", "")),
                rows);
    }

    private static List<Object> row(String name, Confidence said, ToDoubleFunction<Confidence.Said> number, long seed) {
        double[] before = Confidence.numbers(said.before(), number);
        double[] after = Confidence.numbers(said.after(), number);
        double[] change = IntStream.range(0, before.length)
                .mapToDouble(i -> after[i] - before[i])
                .toArray();
        Bootstrap.Ends ends = new Bootstrap(DRAWS, LEVEL, seed).ofMean(change);
        return List.of(
                name,
                Arrays.stream(before).average().orElseThrow(),
                Arrays.stream(after).average().orElseThrow(),
                Arrays.stream(change).average().orElseThrow(),
                ends.lower(),
                ends.upper());
    }

    private static Curve curve(List<Confidence> turned) {
        return new Curve(
                SCALED,
                Quantity.unsigned("factor", ""),
                Quantity.unsigned("on held-out examples", ""),
                List.of(
                        line(
                                "probability of the answer",
                                turned,
                                all -> Confidence.mean(all.after(), Confidence.Said::probability)),
                        line("accuracy", turned, all -> Confidence.accuracy(all.after())),
                        line("calibration error", turned, all -> Confidence.calibrationError(all.after()))));
    }

    private static Curve.Line line(String name, List<Confidence> turned, ToDoubleFunction<Confidence> number) {
        return new Curve.Line(
                name,
                Arrays.stream(FACTORS).boxed().toList(),
                turned.stream().map(one -> number.applyAsDouble(one)).toList());
    }

    private static Table table(List<Confidence> turned) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < FACTORS.length; i++) {
            List<Confidence.Said> said = turned.get(i).after();
            rows.add(List.of(
                    FACTORS[i],
                    Confidence.mean(said, Confidence.Said::probability),
                    Confidence.accuracy(said),
                    Confidence.mean(said, Confidence.Said::highest),
                    Confidence.calibrationError(said)));
        }
        return new Table(
                TURNED,
                List.of(
                        Table.Column.number("factor", ""),
                        Table.Column.number("probability of the answer", ""),
                        Table.Column.number("accuracy", ""),
                        Table.Column.number("highest probability", ""),
                        Table.Column.number("calibration error", "")),
                rows);
    }

    private static Table chance(
            AnalysisContext context,
            List<EncodedExample> heldOut,
            List<MaskUnit> suppressing,
            List<Confidence> turned,
            int controls,
            Progress progress) {
        double full = Confidence.mean(turned.get(0).after(), Confidence.Said::aboveMean);
        double[] random = new double[controls];
        for (int i = 0; i < controls; i++) {
            List<MaskUnit> parts = likeThem(context, suppressing, context.seed() + i);
            random[i] = Confidence.mean(
                            Confidence.of(context, heldOut, gates(parts, 0), progress)
                                    .after(),
                            Confidence.Said::aboveMean)
                    - full;
            progress.report(FACTORS.length + i + 1L, FACTORS.length + controls, "random parts");
        }
        double effect = Confidence.mean(turned.get(FACTORS.length - 1).after(), Confidence.Said::aboveMean) - full;
        return new ControlTest(effect, random).table(CHANCE, "logits above the mean gained at factor 0");
    }

    /** As many heads and MLPs, none of them chosen, from all layers. */
    private static List<MaskUnit> likeThem(AnalysisContext context, List<MaskUnit> chosen, long seed) {
        MaskShape shape = MaskShape.of(context.model().config().dims());
        Random random = new Random(seed);
        List<MaskUnit> drawn = new ArrayList<>();
        for (MaskUnit.Kind kind : List.of(MaskUnit.Kind.HEAD, MaskUnit.Kind.MLP)) {
            List<MaskUnit> left = new ArrayList<>(shape.units(kind));
            left.removeAll(chosen);
            Collections.shuffle(left, random);
            long wanted = chosen.stream().filter(part -> part.kind() == kind).count();
            drawn.addAll(left.subList(0, (int) Math.min(wanted, left.size())));
        }
        return drawn;
    }
}
