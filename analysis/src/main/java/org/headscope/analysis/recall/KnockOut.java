package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.stat.ControlTest;
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.WilsonInterval;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Accuracy on calculations while heads have their mean over counterfactual prompts, next to random heads. */
final class KnockOut {
    static final String CURVE = "Accuracy without the most important heads";
    static final String TABLE = "Most important heads against random heads";
    private static final int PROMPTS_AT_ONCE = 256;

    private final AnalysisContext context;
    private final List<Calculation> asked;
    private final ReceiptSums receipts;
    private final Progress progress;

    KnockOut(AnalysisContext context, List<Calculation> asked, ReceiptSums receipts, Progress progress) {
        this.context = context;
        this.asked = List.copyOf(asked);
        this.receipts = receipts;
        this.progress = progress;
    }

    /** A curve over the number of heads and a table with p; {@code ranked} has the most important head first. */
    List<Panel> panels(List<MaskUnit> ranked, List<Integer> sizes, int controls) {
        List<List<MaskUnit>> sets = new ArrayList<>();
        sets.add(List.of());
        for (int size : sizes) {
            List<MaskUnit> top = ranked.subList(0, size);
            sets.add(top);
            for (int i = 0; i < controls; i++) {
                sets.add(random(top, i));
            }
        }
        int[] right = right(sets);
        List<List<Object>> rows = new ArrayList<>();
        List<double[]> random = new ArrayList<>();
        double full = (double) right[0] / asked.size();
        for (int s = 0; s < sizes.size(); s++) {
            int at = 1 + s * (controls + 1);
            double[] accuracies = Arrays.stream(right, at + 1, at + 1 + controls)
                    .mapToDouble(count -> (double) count / asked.size())
                    .toArray();
            random.add(accuracies);
            rows.add(row(sets.get(at), right[at], full, accuracies));
        }
        return List.of(curve(sizes, rows, full, random), new Table(TABLE, COLUMNS, rows));
    }

    private List<MaskUnit> random(List<MaskUnit> like, int index) {
        MaskShape shape = MaskShape.of(context.model().config().dims());
        HeadMask mask = HeadMask.none(shape).with(like, MaskSetting.ZERO);
        return List.copyOf(new RandomControl(context.seed() + index, false, Set.of())
                .draw(mask)
                .units(MaskUnit.Kind.HEAD));
    }

    private List<Object> row(List<MaskUnit> heads, int right, double full, double[] accuracies) {
        WilsonInterval interval = WilsonInterval.of(right, asked.size());
        double accuracy = (double) right / asked.size();
        double[] lost = Arrays.stream(accuracies).map(one -> full - one).toArray();
        ControlTest test = new ControlTest(full - accuracy, lost);
        return List.of(
                heads.size(),
                heads.stream().map(MaskUnit::label).collect(Collectors.joining(" ")),
                accuracy,
                interval.lower(),
                interval.upper(),
                full - test.meanOfControls(),
                Arrays.stream(accuracies).min().orElseThrow(),
                Arrays.stream(accuracies).max().orElseThrow(),
                test.p(),
                accuracies.length);
    }

    private static final List<Table.Column> COLUMNS = List.of(
            Table.Column.integer("heads out"),
            Table.Column.text("heads"),
            Table.Column.number("accuracy", ""),
            Table.Column.number("lower (95 %)", ""),
            Table.Column.number("upper (95 %)", ""),
            Table.Column.number("mean of random sets", ""),
            Table.Column.number("worst random set", ""),
            Table.Column.number("best random set", ""),
            Table.Column.number("p", ""),
            Table.Column.integer("random sets"));

    private static Curve curve(List<Integer> sizes, List<List<Object>> rows, double full, List<double[]> random) {
        List<Double> x = new ArrayList<>(List.of(0.0));
        sizes.forEach(size -> x.add((double) size));
        List<Double> top = new ArrayList<>(List.of(full));
        List<Double> middle = new ArrayList<>(List.of(full));
        List<Double> lower = new ArrayList<>(List.of(full));
        List<Double> upper = new ArrayList<>(List.of(full));
        for (int i = 0; i < rows.size(); i++) {
            top.add((double) rows.get(i).get(2));
            middle.add(Arrays.stream(random.get(i)).average().orElseThrow());
            lower.add(Arrays.stream(random.get(i)).min().orElseThrow());
            upper.add(Arrays.stream(random.get(i)).max().orElseThrow());
        }
        return new Curve(
                CURVE,
                Quantity.unsigned("heads knocked out", ""),
                Quantity.unsigned("accuracy on held-out examples", ""),
                List.of(
                        new Curve.Line("most important", x, top),
                        new Curve.Line("random, with worst and best set", x, middle, lower, upper)));
    }

    /** How many answers are right without each set. Means are made once per length and used by all sets. */
    private int[] right(List<List<MaskUnit>> sets) {
        int[] right = new int[sets.size()];
        var byLength = asked.stream()
                .collect(Collectors.groupingBy(one -> one.example().length(), TreeMap::new, Collectors.toList()));
        for (List<Calculation> group : byLength.values()) {
            try (RunResult run = context.model().run(counterfactuals(group));
                    ActivationCache means = run.cache().mean(true)) {
                for (int s = 0; s < sets.size(); s++) {
                    right[s] += right(group, sets.get(s), means);
                    progress.report(s + 1L, sets.size(), "knocking heads out");
                }
            }
        }
        return right;
    }

    private RunRequest counterfactuals(List<Calculation> group) {
        int[][] ids = group.stream()
                .limit(PROMPTS_AT_ONCE)
                .map(Calculation::counterfactual)
                .toArray(int[][]::new);
        Dims dims = context.model().config().dims();
        RunRequest.Builder request = StandingRun.of(context, TokenBatch.of(ids)).lastLogits();
        for (int l = 0; l < dims.layers(); l++) {
            request.capture(HookSite.of(SiteKind.Z, l));
        }
        return request.build();
    }

    private int right(List<Calculation> group, List<MaskUnit> out, ActivationCache means) {
        List<Intervention> all = new ArrayList<>(context.standing());
        out.forEach(head -> all.add(new Intervention.Ablate(
                new Target.Head(head.layer(), head.head()), new Ablation.Mean(means, "counterfactual prompts"))));
        TaskExam.Outcome outcome = new TaskExam(context.model(), all)
                .examine(group.stream().map(Calculation::example).toList(), progress);
        receipts.add(outcome.receipts().stream().map(ReceiptSummary::of).toList());
        return (int) outcome.answers().stream().filter(TaskExam.Answer::right).count();
    }
}
