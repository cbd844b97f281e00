package org.headscope.analysis.reading;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.run.RunResult;

/** What the model expects after every token. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class Predictions implements Analysis<Predictions.Parameters, Findings> {
    /** Title of the loss and entropy panel. */
    public static final String SERIES = "Loss and entropy";
    /** Title of the table of likeliest tokens. */
    public static final String TOP = "Likeliest tokens";

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param topK tokens listed per position
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(
                            label = "Top",
                            min = 1,
                            max = 100,
                            defaultValue = "5",
                            help = "How many of the likeliest tokens are listed per position.")
                    int topK) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("predictions", "Predictions", AnalysisInfo.Area.LENS)
                .measures("The likeliest tokens, the entropy and the loss at every position.")
                .formula("p = softmax(logits); loss at t = -log p(x_t | x_<t); entropy = -sum p log p, in nats")
                .source("Definitions of the softmax, cross-entropy and Shannon entropy")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The loss stands at the token that was predicted, so the first has none. Models that see later "
                                + "tokens have no next-token loss; their predictions are for the position itself.")
                .cost("One forward, with logits at all positions.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        try (RunResult run =
                context.model().run(StandingRun.of(context, prompt.batch()).build())) {
            progress.checkCancelled();
            float[] logits = run.logits().toFloatArray();
            List<Panel> panels = panels(context, prompt, logits, parameters.topK());
            List<ReceiptSummary> receipts =
                    run.receipts().stream().map(ReceiptSummary::of).toList();
            return Findings.of(panels, receipts);
        }
    }

    private static List<Panel> panels(AnalysisContext context, EncodedPrompt prompt, float[] logits, int topK) {
        int vocab = logits.length / prompt.length();
        boolean causal = context.model().config().attention().causal();
        GridBuilder series = Grid.builder(Axis.labelled(Axis.SERIES, List.of("loss", "entropy")), prompt.positions());
        List<List<Object>> rows = new ArrayList<>();
        for (int p = 0; p < prompt.length(); p++) {
            double[] row = LogProbabilities.row(logits, p, vocab);
            series.set(LogProbabilities.entropy(row), 1, p);
            if (causal && p + 1 < prompt.length()) {
                series.set(-row[prompt.ids()[p + 1]], 0, p + 1);
            }
            int[] top = top(row, topK);
            for (int rank = 0; rank < top.length; rank++) {
                rows.add(List.of(
                        p,
                        prompt.labels().get(p),
                        rank + 1,
                        top[rank],
                        context.prompts().show(top[rank]),
                        Math.exp(row[top[rank]]),
                        logits[p * vocab + top[rank]]));
            }
        }
        var loss = new TokenSeries(SERIES, Quantity.unsigned("surprise", "nats"), series.snapshot());
        return List.of(loss, table(rows));
    }

    /** The best ids in order, found in one pass: vocabularies are long and lists are short. */
    static int[] top(double[] row, int count) {
        int[] best = new int[Math.min(count, row.length)];
        int found = 0;
        for (int id = 0; id < row.length; id++) {
            if (found == best.length && row[id] <= row[best[found - 1]]) {
                continue;
            }
            int at = found < best.length ? found++ : found - 1;
            while (at > 0 && row[best[at - 1]] < row[id]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = id;
        }
        return best;
    }

    private static Table table(List<List<Object>> rows) {
        return new Table(
                TOP,
                List.of(
                        Table.Column.integer("position"),
                        Table.Column.text("after"),
                        Table.Column.integer("rank"),
                        Table.Column.integer("token id"),
                        Table.Column.text("token"),
                        Table.Column.number("probability", ""),
                        Table.Column.number("logit", "logits")),
                rows);
    }
}
