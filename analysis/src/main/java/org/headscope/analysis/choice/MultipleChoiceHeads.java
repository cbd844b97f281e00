package org.headscope.analysis.choice;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.attribution.DirectLogitAttribution;
import org.headscope.analysis.attribution.ExampleParts;
import org.headscope.analysis.attribution.Readout;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
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
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.config.Dims;

/** Which parts write the letter of a multiple-choice answer, what they look at, and whether they are enough. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class MultipleChoiceHeads implements Analysis<MultipleChoiceHeads.Parameters, Findings> {
    /** Title of the panel of contributions of heads. */
    public static final String EFFECT = "Direct effect on the right letter";
    /** Title of the panel of attention to the right label. */
    public static final String RIGHT = "Attention to the right label";
    /** Title of the table of parts. */
    public static final String NODES = "Output nodes";
    /** Title of the table of what was chosen, in one row. */
    public static final String CHOICE = "Choice of output nodes";

    static final String TASK = "multiple-choice";
    private static final int BEHIND = 5;

    /**
     * Parameters.
     *
     * @param share of the total direct effect that output nodes have to cover
     * @param train questions to choose them on
     * @param heldOut questions to report on
     * @param controls random sets of parts
     */
    public record Parameters(
            @Param(
                            label = "Share",
                            defaultValue = "0.8",
                            min = 0.01,
                            max = 1,
                            help = "Of the total direct effect, which output nodes have to cover.")
                    double share,
            @Param(label = "Training questions", defaultValue = "100", min = 2, help = "Nodes are chosen on these.")
                    int train,
            @Param(label = "Held-out questions", defaultValue = "60", min = 2, help = "Results are of these.")
                    int heldOut,
            @Param(label = "Controls", defaultValue = "19", min = 1, help = "Random sets of as many parts.")
                    int controls) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of(TASK + "-heads", "Heads of multiple choice", AnalysisInfo.Area.ATTRIBUTE)
                .measures("Which heads and MLPs write the letter of the right option, what these heads look at, and how"
                        + " much of the answer they bring back by themselves.")
                .formula(
                        "direct effect of part n = <norm_frozen(r_n), W_U[right] - mean W_U[all letters]> at the last token;"
                                + " output nodes: in falling order until they cover a share of the sum. Recovered loss ="
                                + " (L_corrupt - L_patched) / (L_corrupt - L_clean): output nodes of the clean run put into the"
                                + " corrupt one, with everything else frozen (direct) or not (in full)")
                .source("Lieberum et al. 2307.09458, Does circuit analysis interpretability scale?")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "Rebuilt from notes on the paper. Ours: the share, the corrupt prompt (two options change places),"
                                + " patching at the last token only, random controls, and the kinds of heads, which go by"
                                + " attention from the last token, averaged over training questions: at least 0.3 to a"
                                + " kind of place counts as looking there, 0.6 of that at one place singles it out.")
                .cost(
                        "Two forwards per training question; per held-out question two, and two more for the chosen set and"
                                + " for every control, batched.")
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
        return 2.0 * parameters.train() + parameters.heldOut() * (4.0 + 2 * parameters.controls());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        DirectLogitAttribution.refuse(context.model());
        progress.report(0, 0, "drawing questions");
        List<EncodedExample> train = draw(context, Split.TRAIN, parameters.train());
        List<EncodedExample> heldOut = draw(context, Split.HELD_OUT, parameters.heldOut());
        return of(context, train, heldOut, parameters, progress);
    }

    static List<EncodedExample> draw(AnalysisContext context, Split split, int count) {
        return TaskEncoder.of(context.model(), context.prompts().bos())
                .draw(TaskRegistry.require(TASK), split, count, context.seed());
    }

    /** The same with given questions. */
    static Findings of(
            AnalysisContext context,
            List<EncodedExample> train,
            List<EncodedExample> heldOut,
            Parameters parameters,
            Progress progress) {
        List<Integer> labels = labels(train, heldOut);
        List<ReceiptSummary> receipts = new ArrayList<>();
        List<ExampleParts> apart = ExampleParts.of(
                context, train, example -> new Readout(example.answers()[0], labels), receipts, progress);
        Dims dims = context.model().config().dims();
        OutputNodes nodes = OutputNodes.of(apart, dims, parameters.share(), context.seed());
        List<Gaze> gazes = GazeScan.of(context, ChoicePrompt.of(train, labels), progress);
        NodeCheck check = new NodeCheck(context, nodes, parameters.controls());
        List<Panel> panels = new ArrayList<>(List.of(
                grid(dims, EFFECT, Quantity.signed("direct effect", "logits"), effects(nodes, dims)),
                grid(
                        dims,
                        RIGHT,
                        Quantity.unsigned("attention", "share"),
                        gazes.stream().mapToDouble(Gaze::rightLabel).toArray()),
                choice(nodes, parameters),
                table(nodes, gazes, dims)));
        panels.addAll(check.run(ChoicePrompt.of(heldOut, labels), progress));
        receipts.addAll(check.receipts());
        return Findings.of(panels, receipts);
    }

    static List<Integer> labels(List<EncodedExample> train, List<EncodedExample> heldOut) {
        return Stream.concat(train.stream(), heldOut.stream())
                .flatMap(example -> Stream.of(example.answers()[0], example.corruptAnswers()[0]))
                .distinct()
                .sorted()
                .toList();
    }

    private static double[] effects(OutputNodes nodes, Dims dims) {
        double[] effects = new double[dims.layers() * dims.heads()];
        for (OutputNodes.Node node : nodes.ranked()) {
            if (node.unit().kind() == MaskUnit.Kind.HEAD) {
                effects[node.unit().layer() * dims.heads() + node.unit().head()] =
                        node.effect().mean();
            }
        }
        return effects;
    }

    private static HeadGrid grid(Dims dims, String title, Quantity quantity, double[] values) {
        GridBuilder grid = Grid.builder(Axis.layers(dims.layers()), Axis.heads(dims.heads()));
        for (int i = 0; i < values.length; i++) {
            grid.setAt(i, values[i]);
        }
        return new HeadGrid(title, quantity, grid.snapshot());
    }

    private static Table choice(OutputNodes nodes, Parameters parameters) {
        double covered = nodes.ranked().subList(0, nodes.chosen()).stream()
                .mapToDouble(node -> node.effect().mean())
                .sum();
        return new Table(
                CHOICE,
                List.of(
                        Table.Column.integer("chosen"),
                        Table.Column.integer("of"),
                        Table.Column.number("direct effect of all", "logits"),
                        Table.Column.number("of the chosen", "logits"),
                        Table.Column.number("share asked for", "share"),
                        Table.Column.integer("training questions")),
                List.of(List.of(
                        nodes.chosen(),
                        nodes.ranked().size(),
                        nodes.total(),
                        covered,
                        parameters.share(),
                        parameters.train())));
    }

    /** The chosen ones, a few behind them, and the strongest against. */
    private static Table table(OutputNodes nodes, List<Gaze> gazes, Dims dims) {
        List<List<Object>> rows = new ArrayList<>();
        int size = nodes.ranked().size();
        for (int i = 0; i < size; i++) {
            if (i < nodes.chosen() + BEHIND || i >= size - BEHIND) {
                rows.add(row(nodes.ranked().get(i), i < nodes.chosen(), gazes, dims));
            }
        }
        return new Table(
                NODES,
                List.of(
                        Table.Column.text("node"),
                        new Table.Column("chosen", "", Table.Type.BOOLEAN),
                        Table.Column.number("direct effect", "logits"),
                        Table.Column.number("standard deviation", "logits"),
                        Table.Column.number("lower", "logits"),
                        Table.Column.number("upper", "logits"),
                        Table.Column.number("attention to right label", "share"),
                        Table.Column.number("to all labels", "share"),
                        Table.Column.number("to right content", "share"),
                        Table.Column.number("to all contents", "share"),
                        Table.Column.number("to the end", "share"),
                        Table.Column.text("kind")),
                rows);
    }

    private static List<Object> row(OutputNodes.Node node, boolean chosen, List<Gaze> gazes, Dims dims) {
        MaskUnit unit = node.unit();
        List<Object> row = new ArrayList<>(List.of(
                unit.label(),
                chosen,
                node.effect().mean(),
                node.effect().deviation(),
                node.effect().lower(),
                node.effect().upper()));
        if (unit.kind() == MaskUnit.Kind.HEAD) {
            Gaze gaze = gazes.get(unit.layer() * dims.heads() + unit.head());
            row.addAll(List.of(
                    gaze.rightLabel(),
                    gaze.allLabels(),
                    gaze.rightContent(),
                    gaze.allContents(),
                    gaze.end(),
                    gaze.kind()));
        } else {
            row.addAll(List.of(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, "MLP"));
        }
        return row;
    }
}
