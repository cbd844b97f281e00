package org.headscope.analysis.reading;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.ModelConfig;
import org.jspecify.annotations.Nullable;

/** What the model would say if it stopped after each layer. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class LogitLens implements Analysis<LogitLens.Parameters, Findings> {
    /** Title of the panel of probabilities, {@code [layer + 1, position]}. */
    public static final String PROBABILITY = "Probability of the answer";
    /** Title of the panel of ranks, {@code [layer + 1, position]}; the likeliest token has rank 1. */
    public static final String RANK = "Rank of the answer";
    /** Title of the panel of entropies in nats, {@code [layer + 1, position]}. */
    public static final String ENTROPY = "Entropy";
    /** Title of the panel of divergences in nats, {@code [layer + 1, position]}. */
    public static final String DIVERGENCE = "Divergence from what the model says";
    /** Title of the panel of the largest probability of any token, {@code [layer + 1, position]}; cells name that token. */
    public static final String LIKELIEST = "Probability of the likeliest";
    /** Label of the row behind the last block; the other rows are the streams that enter the blocks. */
    public static final String FINAL = "final";

    /**
     * Parameters.
     *
     * @param prompt what the model reads
     * @param answer token that is looked for at every position, or null for the model's own prediction there
     * @param norm whether the final norm is applied before the unembedding
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads.") Prompt prompt,
            @Param(
                            label = "Answer",
                            help = "Token that is looked for, with its leading space, or ids:N; without one, what the "
                                    + "model itself predicts at each position.")
                    @Nullable
                    Prompt answer,
            @Param(
                            label = "Final norm",
                            defaultValue = "true",
                            help = "Whether the final norm is applied to every residual stream, as in the definition.")
                    boolean norm) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("logit-lens", "Logit lens", AnalysisInfo.Area.LENS)
                .measures("What the model would say if it stopped after each layer.")
                .formula(
                        "p_l = softmax(Norm_final(x_l) W_U + b_U), the scale of the norm computed anew on x_l; x_l enters "
                                + "block l, the last row is the final residual stream; entropy = -sum p log p; divergence = "
                                + "KL(p_model || p_l), in nats")
                .source("nostalgebraist 2020, interpreting GPT: the logit lens; Belrose et al. 2303.08112")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "A final soft cap is kept, and so is a projection before W_U. The last row is what the model says. "
                                + "Hooks on the final norm act in the last row only. Early streams need not be written "
                                + "in the basis of the last one: a blank row does not say that nothing is known. Numbers "
                                + "differ between raw and processed weights.")
                .cost("One forward, and one unembedding per layer.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        refuse(context.model(), "The logit lens");
        Integer answer = parameters.answer() == null ? null : token(context, parameters.answer());
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        LensGrids grids =
                new LensGrids(context.model().config().dims().layers(), prompt.positions(), context.prompts()::show);
        progress.report(0, prompt.length(), "forward");
        try (LensRun run = LensRun.of(context, prompt, parameters.norm())) {
            fill(grids, run, prompt.length(), answer, progress);
            List<ReceiptSummary> receipts =
                    run.receipts().stream().map(ReceiptSummary::of).toList();
            return Findings.of(grids.panels(), receipts);
        }
    }

    /** Reads all streams at all positions. */
    static void fill(LensGrids grids, LensRun run, int length, @Nullable Integer answer, Progress progress) {
        for (int from = 0; from < length; from += run.step()) {
            int to = Math.min(length, from + run.step());
            new Stretch(run, from, to, answer).into(grids, progress);
            progress.report(to, length, "positions");
        }
    }

    /** Some neighbouring positions, whose own predictions are kept while all layers are read there. */
    private record Stretch(LensRun run, int from, int to, @Nullable Integer answer) {
        void into(LensGrids grids, Progress progress) {
            double[][] said = run.said(from, to);
            for (int row = 0; row < run.rows(); row++) {
                progress.checkCancelled();
                double[][] read = run.read(row, from, to);
                for (int p = 0; p < read.length; p++) {
                    int token = answer == null ? LensGrids.likeliest(said[p]) : answer;
                    grids.set(row, from + p, read[p], said[p], token);
                }
            }
        }
    }

    /** Refuses models that have no stream which ends in the logits. */
    static void refuse(HookedTransformer model, String lens) {
        ModelConfig config = model.config();
        String why = null;
        if (config.block().arrangement() == Arrangement.POST_NORM) {
            why = "its blocks normalise the residual stream after every addition, so there is no final norm that would "
                    + "make an early stream look like the last one";
        } else if (model.weights().unembed().dense() != null || config.unembed().maskedLm()) {
            why = "a dense layer with an activation stands between its residual stream and the logits";
        }
        if (why != null) {
            throw new HeadscopeException(lens + " does not apply to this " + config.family() + " model: " + why
                    + ". Use predictions, activation-patch or head-ablation.");
        }
    }

    static int token(AnalysisContext context, Prompt given) {
        int vocab = context.model().config().dims().vocab();
        int token = context.prompts().answer(given);
        if (token < 0 || token >= vocab) {
            throw ParameterException.refused("answer", given.line(), "a token id from 0 to " + (vocab - 1));
        }
        return token;
    }
}
