package org.headscope.analysis.reading;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;

/** The logit lens at one position, with the likeliest tokens of every layer and the tokens that are followed. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class PositionLens implements Analysis<PositionLens.Parameters, Findings> {
    /** Title of the table of the likeliest tokens of every layer, layer by layer, likeliest first. */
    public static final String TOP = "Likeliest tokens by layer";
    /** Title of the table of the tokens that are followed, layer by layer, in the order in which they were named. */
    public static final String FOLLOWED = "Followed tokens by layer";

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param tokens tokens that are looked for in every layer
     * @param position where the streams are read
     * @param topK tokens listed per layer
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(
                            label = "Tokens",
                            defaultValue = "",
                            help =
                                    "Tokens that are followed through the layers, with their leading space, or ids:N each.")
                    List<String> tokens,
            @Param(
                            label = "Position",
                            unit = "tokens",
                            defaultValue = "-1",
                            help = "Where the streams are read; negative counts from the end.")
                    int position,
            @Param(
                            label = "Top",
                            min = 1,
                            max = 100,
                            defaultValue = "5",
                            help = "How many of the likeliest tokens are listed per layer.")
                    int topK) {
        /** Copies the list. */
        public Parameters {
            tokens = List.copyOf(tokens);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("logit-lens-position", "Logit lens at one position", AnalysisInfo.Area.LENS)
                .measures("What the model would say after one token if it stopped after each layer.")
                .formula("p_l = softmax(Norm_final(x_l) W_U + b_U) as in logit-lens, at one position; the rank of a "
                        + "token counts those that are likelier, from 1 on")
                .source("nostalgebraist 2020, interpreting GPT: the logit lens")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The numbers of logit-lens. The last row is what the model says. Early streams need not be "
                                + "written in the basis of the last one: a token that ranks low is not one that is unknown.")
                .cost("One forward, and one unembedding of one position per layer.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return 1;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        LogitLens.refuse(context.model(), "The logit lens");
        List<Integer> followed = followed(context, parameters.tokens());
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        int position = position(parameters.position(), prompt.length());
        List<List<Object>> top = new ArrayList<>();
        List<List<Object>> ranks = new ArrayList<>();
        try (LensRun run = LensRun.of(context, prompt, true)) {
            for (int row = 0; row < run.rows(); row++) {
                progress.checkCancelled();
                String layer = row == run.rows() - 1 ? LogitLens.FINAL : Integer.toString(row);
                double[] logs = run.read(row, position, position + 1)[0];
                top.addAll(top(context, layer, logs, parameters.topK()));
                for (int id : followed) {
                    ranks.add(List.of(
                            layer, id, context.prompts().show(id), Math.exp(logs[id]), LensGrids.rank(logs, id)));
                }
                progress.report(row + 1, run.rows(), "layers");
            }
            List<ReceiptSummary> receipts =
                    run.receipts().stream().map(ReceiptSummary::of).toList();
            return Findings.of(panels(top, ranks), receipts);
        }
    }

    private static List<Integer> followed(AnalysisContext context, List<String> tokens) {
        List<Integer> ids = new ArrayList<>();
        for (String token : tokens) {
            ids.add(LogitLens.token(context, parsed(token)));
        }
        return ids;
    }

    private static Prompt parsed(String token) {
        try {
            return Prompt.parse(token);
        } catch (HeadscopeException e) {
            throw ParameterException.refused("tokens", token, "a token with its leading space, or ids:N");
        }
    }

    private static int position(int given, int length) {
        int position = given < 0 ? length + given : given;
        if (position < 0 || position >= length) {
            throw ParameterException.refused(
                    "position", Integer.toString(given), "a position from " + -length + " to " + (length - 1));
        }
        return position;
    }

    private static List<List<Object>> top(AnalysisContext context, String layer, double[] logs, int count) {
        int[] ids = Predictions.top(logs, count);
        List<List<Object>> rows = new ArrayList<>();
        for (int rank = 0; rank < ids.length; rank++) {
            rows.add(List.of(layer, rank + 1, ids[rank], context.prompts().show(ids[rank]), Math.exp(logs[ids[rank]])));
        }
        return rows;
    }

    private static List<Panel> panels(List<List<Object>> top, List<List<Object>> followed) {
        Table.Column layer = Table.Column.text("layer");
        Table.Column rank = Table.Column.integer("rank");
        Table.Column id = Table.Column.integer("token id");
        Table.Column token = Table.Column.text("token");
        Table.Column probability = Table.Column.number("probability", "");
        return List.of(
                new Table(TOP, List.of(layer, rank, id, token, probability), top),
                new Table(FOLLOWED, List.of(layer, id, token, probability, rank), followed));
    }
}
