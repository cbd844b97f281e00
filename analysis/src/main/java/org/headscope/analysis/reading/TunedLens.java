package org.headscope.analysis.reading;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** The logit lens with an affine map in front of it, trained here for every layer. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class TunedLens implements Analysis<TunedLens.Parameters, Findings> {
    /** Title of the curves of held-out divergence over layers. */
    public static final String HELD_OUT = "Held-out divergence by layer";
    /** Title of the table of the same numbers. */
    public static final String LAYERS = "Held-out divergence and agreement";
    /** Title of the curve of the training loss. */
    public static final String TRAINING = "Divergence while training";
    /** Title of the table of likeliest tokens at the last position. */
    public static final String TOP = "Likeliest tokens at the last position";

    /**
     * Parameters.
     *
     * @param prompt what the model reads while the lens looks
     * @param answer token that is looked for at every position, or null for the model's own prediction there
     * @param task whose examples the lens is trained on, or null for those of all tasks
     * @param text what the lens is trained on instead, or null
     * @param length tokens of a piece of the text
     * @param tokens how many tokens of examples
     * @param steps optimizer steps
     * @param batch tokens per step
     * @param rate learning rate of the first step
     */
    public record Parameters(
            @Param(label = "Prompt", help = "What the model reads while the lens looks.") Prompt prompt,
            @Param(
                            label = "Answer",
                            help = "Token that is looked for, with its leading space, or ids:N; without one, what the "
                                    + "model itself predicts at each position.")
                    @Nullable
                    Prompt answer,
            @Param(
                            label = "Trained on task",
                            choices = TaskRegistry.Ids.class,
                            help = "Whose examples the lens is trained on; without one, equal shares of all tasks that"
                                    + " the tokenizer has words for.")
                    @Nullable
                    String task,
            @Param(
                            label = "Trained on text",
                            help = "Long text, or ids, to train the lens on instead; its last fifth is held out.")
                    @Nullable
                    Prompt text,
            @Param(
                            label = "Piece of text",
                            unit = "tokens",
                            defaultValue = "64",
                            min = 2,
                            help = "How long the pieces are into which a text is cut.")
                    int length,
            @Param(
                            label = "Tokens",
                            defaultValue = "12000",
                            min = 16,
                            max = 1_000_000,
                            help = "How many tokens of examples to train on; their streams are held in memory.")
                    int tokens,
            @Param(label = "Steps", defaultValue = "150", min = 1, max = 100_000, help = "Steps of the optimizer.")
                    int steps,
            @Param(label = "Batch", unit = "tokens", defaultValue = "256", min = 1, help = "Tokens per step.")
                    int batch,
            @Param(
                            label = "Learning rate",
                            defaultValue = "0.003",
                            min = 1e-8,
                            max = 10,
                            help = "Of the first step; it falls to zero in a straight line.")
                    double rate) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("tuned-lens", "Tuned lens", AnalysisInfo.Area.LENS)
                .measures("What each layer already knows of what the model will say, in whatever basis it is written.")
                .formula(
                        "p_l = softmax(Norm_final(x_l + x_l A_l + b_l) W_U + b_U), A_l and b_l from zero to the least mean"
                                + " KL(p_model || p_l) by AdamW; x_l enters block l, the last row is the model itself; held-out"
                                + " divergence in bits, with a 95 % bootstrap interval over texts")
                .source("Belrose et al. 2303.08112, Eliciting Latent Predictions from Transformers with the Tuned Lens")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "The lens and its loss are the paper's. Trained on far fewer tokens, with AdamW in place of SGD"
                                + " with Nesterov momentum, and tested on texts it was not trained on. What a trained map"
                                + " finds may be computed by the map: a low divergence says that the layer suffices to"
                                + " predict the output, not that the model uses it so.")
                .cost("Trained at each run: one forward per text, then per step and layer one unembedding forward and"
                        + " backward for a batch of tokens. Memory: tokens x d_model x (layers + 1) x 4 bytes.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        refuse(context);
        Integer answer = parameters.answer() == null ? null : LogitLens.token(context, parameters.answer());
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", parameters.prompt());
        try (TrainedLens lens = TrainedLens.train(context, parameters, progress)) {
            return shown(context, prompt, answer, lens, progress);
        }
    }

    private static Findings shown(
            AnalysisContext context,
            EncodedPrompt prompt,
            @Nullable Integer answer,
            TrainedLens lens,
            Progress progress) {
        LensGrids grids =
                new LensGrids(context.model().config().dims().layers(), prompt.positions(), context.prompts()::show);
        try (LensRun run = LensRun.translated(context, prompt, lens.translators())) {
            LogitLens.fill(grids, run, prompt.length(), answer, progress);
            List<Panel> panels = new ArrayList<>(lens.panels().held());
            panels.addAll(grids.panels());
            panels.add(TunedPanels.top(run, prompt.length() - 1, context.prompts()::show));
            panels.addAll(lens.panels().training());
            return Findings.of(panels, lens.receipts());
        }
    }

    /** Refuses models and standing interventions with which there is no such lens. */
    static void refuse(AnalysisContext context) {
        LogitLens.refuse(context.model(), "The tuned lens");
        refuseFinalNormEdits(context);
    }

    /** The lens reads every stream through the final norm, so that an edit there would act in some rows and not in others. */
    private static void refuseFinalNormEdits(AnalysisContext context) {
        for (SiteEdit edit : new Interventions(context.model().config()).compile(context.standing())) {
            SiteKind kind = edit.site().kind();
            if (kind == SiteKind.LN_FINAL_SCALE || kind == SiteKind.LN_FINAL_NORMALIZED) {
                throw new HeadscopeException("The tuned lens reads every layer through the final norm, but '"
                        + String.join("', '", edit.labels()) + "' changes that norm at " + edit.site()
                        + ". Remove it, or use logit-lens.");
            }
        }
    }
}
