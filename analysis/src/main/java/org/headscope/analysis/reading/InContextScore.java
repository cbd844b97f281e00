package org.headscope.analysis.reading;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.stat.Bootstrap;
import org.headscope.analysis.stat.SampleSummary;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.TextTokenizer;
import org.jspecify.annotations.Nullable;

/** How much better a model predicts late in a text than early. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class InContextScore implements Analysis<InContextScore.Parameters, Findings> {
    /** Title of the table with the score. */
    public static final String SCORE = "In-context score";
    /** Title of the curve of losses. */
    public static final String LOSS = "Loss by position";

    private static final int LATE = 500;
    private static final int EARLY = 50;
    private static final int DRAWS = 1000;
    private static final double LEVEL = 0.95;

    /**
     * Parameters.
     *
     * @param text what is read, or null for stories put together
     * @param length tokens of each piece
     * @param count how many pieces at most
     * @param window tokens averaged over, up to and including the early and the late one
     */
    public record Parameters(
            @Param(label = "Text", help = "Long text, or ids; without it, stories of words that the tokenizer has.")
                    @Nullable
                    Prompt text,
            @Param(
                            label = "Length",
                            unit = "tokens",
                            defaultValue = "501",
                            min = 20,
                            help = "Of each piece; at most the model's context.")
                    int length,
            @Param(label = "Pieces", defaultValue = "30", min = 2, help = "How many pieces at most.") int count,
            @Param(
                            label = "Window",
                            unit = "tokens",
                            defaultValue = "10",
                            min = 1,
                            help = "Tokens averaged over, up to the early and the late one; 1 for the paper's.")
                    int window) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("in-context-score", "In-context score", AnalysisInfo.Area.LENS)
                .measures("How much better the model predicts late in a text than early: what it learns from context.")
                .formula("loss of token 500 minus loss of token 50, mean over texts, in nats; both scaled down together"
                        + " where pieces are shorter. Negative: the context helps")
                .source("Olsson et al. 2209.11895, In-context Learning and Induction Heads; Kaplan et al. 2001.08361")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Averaged over a window of tokens and few texts where the paper takes single tokens of very many."
                                + " A score depends on the texts: compare those of the same ones, for example with and"
                                + " without a mask.")
                .cost("One forward per piece, with logits at all positions.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return parameters.text() == null ? parameters.count() : Double.NaN;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        if (!context.model().config().attention().causal()) {
            throw new TaskException("This model sees later tokens, so it has no next-token loss."
                    + " Open a model that reads from left to right.");
        }
        int length =
                Math.min(parameters.length(), context.model().config().dims().context());
        List<int[]> pieces = pieces(context, parameters, length);
        double scale = Math.min(1, (length - 1.0) / LATE);
        int late = (int) Math.round(LATE * scale);
        int early = Math.max(1, (int) Math.round(EARLY * scale));
        List<ReceiptSummary> receipts = new ArrayList<>();
        double[][] losses = new double[pieces.size()][];
        for (int i = 0; i < losses.length; i++) {
            progress.checkCancelled();
            progress.report(i, losses.length, "pieces");
            losses[i] = losses(context, pieces.get(i), receipts);
        }
        Bootstrap bootstrap = new Bootstrap(DRAWS, LEVEL, context.seed());
        Scored scored = new Scored(losses, early, late, Math.min(parameters.window(), early));
        return Findings.of(List.of(scored.table(bootstrap), scored.curve(bootstrap)), receipts);
    }

    private static List<int[]> pieces(AnalysisContext context, Parameters parameters, int length) {
        if (parameters.text() == null) {
            return stories(context, parameters.count(), length);
        }
        LensTexts cut = LensTexts.ofText(context, parameters.text(), length);
        List<int[]> pieces = new ArrayList<>(cut.train());
        pieces.addAll(cut.heldOut());
        return pieces.subList(0, Math.min(parameters.count(), pieces.size()));
    }

    /**
     * Stories one behind the other, until a piece is long enough. It begins anywhere in the first of them, so that no
     * position stands for a certain place in a story.
     */
    private static List<int[]> stories(AnalysisContext context, int count, int length) {
        TaskEncoder encoder = TaskEncoder.of(context.model(), context.prompts().bos());
        TextTokenizer tokenizer = context.model().tokenizer();
        TaskGenerator story = TaskRegistry.require("story");
        SplittableRandom random = new SplittableRandom(context.seed());
        List<int[]> pieces = new ArrayList<>();
        while (tokenizer != null && pieces.size() < count) {
            StringBuilder text = new StringBuilder();
            int[] ids = new int[0];
            int first = 0;
            while (ids.length < first + length) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(story.draw(encoder.words(), Split.HELD_OUT, random)
                                .prompt());
                text.append('.');
                ids = tokenizer.encode(text.toString(), context.prompts().bos()).ids();
                first = first == 0 ? random.nextInt(ids.length) : first;
            }
            int[] piece = Arrays.copyOfRange(ids, first, first + length);
            // A beginning-of-sequence token stays in front.
            piece[0] = ids[0];
            pieces.add(piece);
        }
        return pieces;
    }

    /** Loss of every token but the first, at its own position; NaN at position 0. */
    private static double[] losses(AnalysisContext context, int[] ids, List<ReceiptSummary> receipts) {
        int vocab = context.model().config().dims().vocab();
        try (RunResult run =
                context.model().run(StandingRun.of(context, TokenBatch.of(ids)).build())) {
            if (receipts.isEmpty()) {
                run.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            }
            float[] logits = run.logits().toFloatArray();
            double[] losses = new double[ids.length];
            losses[0] = Double.NaN;
            for (int p = 1; p < ids.length; p++) {
                losses[p] = -LogProbabilities.row(logits, p - 1, vocab)[ids[p]];
            }
            return losses;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // averaged, never compared
    private record Scored(double[][] losses, int early, int late, int window) {
        private double[] around(int position) {
            return Arrays.stream(losses)
                    .mapToDouble(one -> IntStream.rangeClosed(position - window + 1, position)
                            .mapToDouble(p -> one[p])
                            .average()
                            .orElseThrow())
                    .toArray();
        }

        Table table(Bootstrap bootstrap) {
            double[] before = around(early);
            double[] after = around(late);
            double[] score = IntStream.range(0, before.length)
                    .mapToDouble(i -> after[i] - before[i])
                    .toArray();
            List<List<Object>> rows = List.of(
                    row("loss up to token " + early, SampleSummary.of(before, bootstrap)),
                    row("loss up to token " + late, SampleSummary.of(after, bootstrap)),
                    row("in-context score", SampleSummary.of(score, bootstrap)));
            return new Table(
                    SCORE,
                    List.of(
                            Table.Column.text("quantity"),
                            Table.Column.number("mean", "nats"),
                            Table.Column.number("standard deviation", "nats"),
                            Table.Column.number("lower", "nats"),
                            Table.Column.number("upper", "nats"),
                            Table.Column.integer("tokens averaged"),
                            Table.Column.integer("texts")),
                    rows);
        }

        private List<Object> row(String name, SampleSummary s) {
            return List.of(name, s.mean(), s.deviation(), s.lower(), s.upper(), window, losses.length);
        }

        Curve curve(Bootstrap bootstrap) {
            List<SampleSummary> points = IntStream.range(1, losses[0].length)
                    .mapToObj(p -> SampleSummary.of(
                            Arrays.stream(losses).mapToDouble(one -> one[p]).toArray(), bootstrap))
                    .toList();
            List<Double> x = IntStream.range(1, losses[0].length)
                    .mapToObj(p -> (double) p)
                    .toList();
            return new Curve(
                    LOSS,
                    Quantity.unsigned("position", "tokens"),
                    Quantity.unsigned("loss", "nats"),
                    List.of(new Curve.Line(
                            "mean over texts",
                            x,
                            points.stream().map(SampleSummary::mean).toList(),
                            points.stream().map(SampleSummary::lower).toList(),
                            points.stream().map(SampleSummary::upper).toList())));
        }
    }
}
