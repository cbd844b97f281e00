package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.HookPoint;
import org.jspecify.annotations.Nullable;

/** Primary attention sinks: heads that pour their attention into one early position whatever stands there. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttentionSinks implements Analysis<AttentionSinks.Parameters, Findings> {
    /** Title of the table of shares. */
    public static final String SHARES = "Sink heads";

    /**
     * Parameters.
     *
     * @param text natural text, cut into sequences
     * @param length tokens per sequence
     * @param sequences number of random and of repeated sequences
     * @param position position of the sink, from 0
     * @param epsilon from which score on a head counts
     * @param bos with or without a beginning-of-sequence token
     * @param bosId its id, or -1
     */
    public record Parameters(
            @Param(label = "Text", help = "Natural text, cut into sequences; without it only made-up ones are scored.")
                    @Nullable
                    Prompt text,
            @Param(
                            label = "Length",
                            unit = "tokens",
                            min = 16,
                            max = 8192,
                            defaultValue = "64",
                            help =
                                    "Tokens per sequence, cut to the model's context; scores of other lengths do not compare.")
                    int length,
            @Param(
                            label = "Sequences",
                            min = 1,
                            max = 1000,
                            defaultValue = "100",
                            help = "How many random and how many repeated sequences; the most taken from the text.")
                    int sequences,
            @Param(
                            label = "Sink position",
                            min = 0,
                            max = 8191,
                            defaultValue = "0",
                            help = "Which position is looked at, counted from 0.")
                    int position,
            @Param(
                            label = "Threshold",
                            min = 0,
                            max = 1,
                            defaultValue = "0.3",
                            help = "A head is a sink head when its score is above this.")
                    double epsilon,
            @Param(
                            label = "BOS",
                            defaultValue = "both",
                            help =
                                    "With a beginning-of-sequence token in front, without, or both where its id is known.")
                    SinkSequences.Bos bos,
            @Param(
                            label = "BOS id",
                            min = -1,
                            defaultValue = "-1",
                            help = "Id of the beginning-of-sequence token; -1 takes the tokenizer's.")
                    int bosId) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("attention-sinks", "Attention sinks", AnalysisInfo.Area.DETECT)
                .measures(
                        "Mean attention of all later tokens to one early position, per head, and the share of heads for "
                                + "which it is high.")
                .formula("alpha(k) = sum over t >= k of A[t, k] / number of t that see k; "
                        + "Sink = share of heads and sequences with alpha(k) > epsilon, in %")
                .source("Gu et al. 2410.10781, paper and code")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Strictly above epsilon; averaged over sequences, layers and heads as in the code. Positions are "
                                + "counted from 0. Windows: only queries that see the position count. The share depends on "
                                + "epsilon and length and is comparable only at 0.3 and 64.")
                .cost("One forward per batch of sequences, for each kind of sequence.")
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
        boolean known = parameters.bosId() >= 0 || context.prompts().bosId().isPresent();
        int fronts = parameters.bos() == SinkSequences.Bos.BOTH && known ? 2 : 1;
        // At most: a text may have fewer pieces.
        int kinds = parameters.text() == null ? 2 : 3;
        return (double) fronts * kinds * parameters.sequences();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        int length = SinkSequences.length(context, parameters.length(), parameters.position());
        Dims dims = context.model().config().dims();
        List<SinkSequences> kinds = SinkSequences.all(context, parameters, length);
        var scan = new PatternScan(context, (pattern, point) -> alphas(pattern, point, parameters.position()));
        List<Panel> panels = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        List<ReceiptSummary> standing = List.of();
        for (SinkSequences kind : kinds) {
            HeadScores scores = new HeadScores(dims);
            standing = scan.run(kind.ids(), List.of(scores), done -> {
                progress.checkCancelled();
                progress.report(done, kind.ids().length, kind.label());
            });
            Panel panel = panel(kind, scores, parameters.position(), context.seed());
            progress.partial(panel);
            panels.add(panel);
            rows.add(row(kind, scores, parameters, dims));
        }
        panels.add(table(rows, parameters.epsilon()));
        return new ScanFindings(panels, standing);
    }

    private static Panel panel(SinkSequences kind, HeadScores scores, int position, long seed) {
        Quantity quantity = Quantity.unsigned("mean attention to position " + position, "");
        return scores.panel("Sink score, " + kind.label(), quantity, seed);
    }

    /**
     * The sink score of one layer.
     *
     * @param pattern {@code [batch, head, q_pos, k_pos]}
     * @param point which keys are visible
     * @param position the position of the sink
     * @return {@code [1, batch, head]}
     */
    static double[][][] alphas(NDArray pattern, HookPoint point, int position) {
        NDArray visible = point.context().visible();
        if (visible == null) {
            throw new IllegalStateException("a pattern without its mask");
        }
        NDIndex column = new NDIndex()
                .addAllDim()
                .addAllDim()
                .addSliceDim(position, pattern.getShape().get(2))
                .addIndices(position);
        float seen = Alias.of(visible, pattern.getManager()).get(column).sum().getFloat()
                / visible.getShape().get(0);
        float[] sums = pattern.get(column).sum(new int[] {2}).toFloatArray();
        int heads = (int) pattern.getShape().get(1);
        double[][] result = new double[sums.length / heads][heads];
        for (int i = 0; i < sums.length; i++) {
            result[i / heads][i % heads] = sums[i] / seen;
        }
        return new double[][][] {result};
    }

    private static List<Object> row(SinkSequences kind, HeadScores scores, Parameters parameters, Dims dims) {
        RankedHeads.Head top = RankedHeads.top(dims, scores::mean, 1).get(0);
        return List.of(
                kind.name(),
                kind.bos() ? "yes" : "no",
                scores.sequences(),
                kind.ids()[0].length,
                100 * scores.shareAbove(parameters.epsilon()),
                top.label(),
                scores.mean(top.layer(), top.head()));
    }

    private static Table table(List<List<Object>> rows, double epsilon) {
        return new Table(
                SHARES,
                List.of(
                        Table.Column.text("sequences of"),
                        Table.Column.text("BOS"),
                        Table.Column.integer("sequences"),
                        Table.Column.integer("tokens"),
                        Table.Column.number("heads above " + epsilon, "%"),
                        Table.Column.text("top head"),
                        Table.Column.number("its score", "")),
                rows);
    }
}
